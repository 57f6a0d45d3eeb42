package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// The cache of documents: so many, none whose text is longer than so many bytes. Anybody may fill it, credential or not,
// and a long text is written for its literals and does not come again.
const (
	cachedDocuments = 256
	cachedLength    = 8 << 10
)

// documents reads, bounds and validates the document of each request, in this order. gqlgen would validate first, which
// is work that grows with what a document expands to, so it is given the finished document where it looks into its cache.
type documents struct {
	schema *ast.Schema
	limits Limits
	cache  *lru.LRU[*ast.QueryDocument]
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = documents{}

func newDocuments(schema *ast.Schema, l Limits) documents {
	return documents{schema, l, lru.New[*ast.QueryDocument](cachedDocuments)}
}

func (documents) ExtensionName() string { return "Documents" }

func (documents) Validate(graphql.ExecutableSchema) error { return nil }

// moreErrors is where the errors of a refused document wait after the first, which is all that gqlgen takes.
const moreErrors = "more errors"

// MutateOperationParameters puts the document into the operation's context, or refuses it.
func (d documents) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	oc := graphql.GetOperationContext(ctx)
	if doc, ok := d.cache.Get(ctx, p.Query); ok {
		oc.Doc = doc
		return nil
	}
	doc, errs := d.read(p.Query)
	if len(errs) > 0 {
		oc.Stats.SetExtension(moreErrors, errs[1:])
		return errs[0]
	}
	if len(p.Query) <= cachedLength {
		d.cache.Add(ctx, p.Query, doc)
	}
	oc.Doc = doc
	return nil
}

// costKey is where the cost of an operation stands: among its extensions, and in those of its answers.
const costKey = "cost"

// queryCost is what an operation costs, and what one may cost.
type queryCost struct {
	Requested int `json:"requested"`
	Maximum   int `json:"maximum"`
}

// MutateOperationContext checks what depends on the variables.
func (d documents) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	got := prices{vars: oc.Variables, memo: map[string]price{}}.selection(oc.Operation.SelectionSet)
	oc.Stats.SetExtension(costKey, queryCost{got.cost, d.limits.Cost})
	if got.records > d.limits.Records {
		return tooComplex("the page sizes of the query add up to %s records; the limit is %d", atLeast(got.records), d.limits.Records)
	}
	if got.cost > d.limits.Cost {
		return tooComplex("the query costs %s; the limit is %d", atLeast(got.cost), d.limits.Cost)
	}
	return nil
}

// InterceptResponse says in the answer what the operation costs, except with each event of a subscription.
func (documents) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if graphql.HasOperationContext(ctx) {
		oc := graphql.GetOperationContext(ctx)
		if cost, ok := oc.Stats.GetExtension(costKey).(queryCost); ok && oc.Operation.Operation != ast.Subscription {
			graphql.RegisterExtension(ctx, costKey, cost)
		}
	}
	return next(ctx)
}

// current is the cache that gqlgen sees: it holds the document of the operation at hand and no other.
type current struct{}

func (current) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc := graphql.GetOperationContext(ctx).Doc
	return doc, doc != nil
}

func (current) Add(context.Context, string, *ast.QueryDocument) {}

func (d documents) read(query string) (*ast.QueryDocument, gqlerror.List) {
	if err := checkEscapes([]byte(query)); err != nil {
		return nil, gqlerror.List{inputError("the query %s", err)}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, d.limits.Tokens)
	if err != nil {
		e := gqlerror.WrapIfUnwrapped(err)
		if len(e.Locations) == 0 {
			// Of all errors of the parser, only the one about the number of tokens has no place in the document.
			return nil, gqlerror.List{tooComplex("the query has more than %d tokens", d.limits.Tokens)}
		}
		errcode.Set(e, errcode.ParseFailed)
		return nil, gqlerror.List{e}
	}
	if len(doc.Operations) == 0 {
		e := gqlerror.Errorf("the document has no operation")
		errcode.Set(e, errcode.ValidationFailed)
		return nil, gqlerror.List{e}
	}
	if e := d.limits.check(doc); e != nil {
		return nil, gqlerror.List{e}
	}
	if n := simplify(doc); n > d.limits.Repeats {
		return nil, gqlerror.List{tooComplex("the query names one field in %d ways in one place; the limit is %d", n, d.limits.Repeats)}
	}
	errs := validator.ValidateWithRules(d.schema, doc, withoutSuggestions())
	for _, e := range errs {
		errcode.Set(e, errcode.ValidationFailed)
	}
	return doc, errs
}

// withoutSuggestions returns the rules of validation, none of which answers a wrong name with the right ones: the schema
// is for those who may introspect it.
func withoutSuggestions() *rules.Rules {
	r := rules.NewDefaultRules()
	for _, with := range []string{"FieldsOnCorrectType", "KnownArgumentNames", "KnownTypeNames", "ScalarLeafs", "ValuesOfCorrectType"} {
		r.RemoveRule(with)
	}
	for _, without := range []validator.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		r.AddRule(without.Name, without.RuleFunc)
	}
	return r
}
