package graph

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// exactEnums refuses enum values in variables that are not written exactly as in the schema. gqlparser compares them
// without regard to case, and the services take the text as it is.
type exactEnums struct{ schema *ast.Schema }

var _ graphql.OperationContextMutator = exactEnums{}

func (exactEnums) ExtensionName() string { return "ExactEnums" }

func (exactEnums) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext checks the variables that gqlparser has found well-formed.
func (e exactEnums) MutateOperationContext(_ context.Context, oc *graphql.OperationContext) *gqlerror.Error {
	for _, v := range oc.Operation.VariableDefinitions {
		value, ok := oc.Variables[v.Variable]
		if !ok {
			continue
		}
		path := ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}
		if err := e.check(path, v.Type, value); err != nil {
			return err
		}
	}
	return nil
}

func (e exactEnums) check(path ast.Path, t *ast.Type, value any) *gqlerror.Error {
	if value == nil {
		return nil
	}
	if t.Elem != nil {
		// gqlparser makes a list of one out of a single value, and that list is of the value's own type.
		list := reflect.ValueOf(value)
		if list.Kind() != reflect.Slice {
			return e.check(path, t.Elem, value)
		}
		for i := range list.Len() {
			if err := e.check(append(path, ast.PathIndex(i)), t.Elem, list.Index(i).Interface()); err != nil {
				return err
			}
		}
		return nil
	}
	def := e.schema.Types[t.NamedType]
	switch def.Kind {
	case ast.Enum:
		if s, ok := value.(string); !ok || def.EnumValues.ForName(s) == nil {
			return invalidVariable(path, "is not a valid "+def.Name)
		}
	case ast.InputObject:
		object, ok := value.(map[string]any)
		if !ok {
			return invalidVariable(path, "must be a "+def.Name)
		}
		for _, f := range def.Fields {
			if v, ok := object[f.Name]; ok {
				if err := e.check(append(path, ast.PathName(f.Name)), f.Type, v); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func invalidVariable(path ast.Path, message string) *gqlerror.Error {
	err := gqlerror.ErrorPathf(append(ast.Path(nil), path...), "%s", message)
	errcode.Set(err, CodeBadUserInput)
	return err
}
