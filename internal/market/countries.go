package market

import "github.com/shopsight/shopsight/internal/money"

// market is where a store sells, which its currency tells.
type market struct {
	// rate is what a thousand dollars cost, roughly: prices should look right, not be right.
	rate int64
	// included says that prices include tax, as consumers there expect.
	included bool
	// sells are the countries with their weights. The first is the store's home.
	sells []target
}

type target struct {
	country string
	weight  int
}

var markets = map[money.Currency]market{
	"USD": {1000, false, []target{{"US", 84}, {"CA", 5}, {"GB", 4}, {"AU", 2}, {"MX", 2}, {"DE", 2}, {"JP", 1}}},
	"EUR": {920, true, []target{{"DE", 36}, {"FR", 18}, {"IT", 11}, {"ES", 10}, {"NL", 8}, {"AT", 5}, {"BE", 4}, {"IE", 3}, {"PT", 2}, {"CH", 2}, {"GB", 1}}},
	"GBP": {790, true, []target{{"GB", 84}, {"IE", 6}, {"US", 4}, {"DE", 3}, {"FR", 2}, {"AU", 1}}},
	"JPY": {150_000, true, []target{{"JP", 92}, {"US", 4}, {"KR", 3}, {"AU", 1}}},
	"KWD": {307, false, []target{{"KW", 80}, {"SA", 10}, {"AE", 9}, {"GB", 1}}},
	"CAD": {1370, false, []target{{"CA", 84}, {"US", 12}, {"GB", 2}, {"FR", 2}}},
	"AUD": {1520, true, []target{{"AU", 92}, {"US", 3}, {"GB", 3}, {"JP", 2}}},
	"CHF": {890, true, []target{{"CH", 90}, {"DE", 5}, {"AT", 3}, {"FR", 2}}},
	"SEK": {10_500, true, []target{{"SE", 93}, {"DE", 4}, {"NL", 3}}},
	"PLN": {4000, true, []target{{"PL", 94}, {"DE", 6}}},
	"TRY": {34_000, true, []target{{"TR", 95}, {"DE", 5}}},
	"INR": {84_000, true, []target{{"IN", 94}, {"AE", 3}, {"US", 2}, {"GB", 1}}},
	"BRL": {5400, true, []target{{"BR", 97}, {"PT", 3}}},
	"MXN": {18_500, true, []target{{"MX", 93}, {"US", 7}}},
	"KRW": {1_350_000, true, []target{{"KR", 96}, {"JP", 2}, {"US", 2}}},
	"AED": {3670, true, []target{{"AE", 84}, {"SA", 8}, {"KW", 5}, {"IN", 3}}},
	"SAR": {3750, true, []target{{"SA", 90}, {"AE", 6}, {"KW", 4}}},
}

// marketOf returns the market of a currency. One that is not known sells around the world, in prices like dollars.
func marketOf(c money.Currency) market {
	if m, ok := markets[c]; ok {
		return m
	}
	m := market{1000, true, []target{{"US", 30}, {"GB", 20}, {"DE", 15}, {"FR", 15}, {"IN", 10}, {"AU", 10}}}
	if c.Digits() == 0 {
		m.rate = 100_000
	}
	return m
}

// home is the store's own country.
func (m market) home() country { return countries[m.sells[0].country] }

// price turns cents of a dollar into minor units of the currency that look like a price: two digits that count, and
// below that zeros, or nines where the price should seem lower.
func (g *Generator) price(cents int64, charm bool) int64 {
	minor := money.MulDiv(cents*g.market.rate, pow10(g.opt.Currency.Digits()), 100_000)
	step := int64(1)
	for minor/step >= 100 {
		step *= 10
	}
	minor = max(money.MulDiv(minor, 1, step)*step, 1)
	if charm && step >= 10 {
		minor -= step / 10
	}
	return minor
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// country is a place of delivery.
type country struct {
	code  string
	names []string // whose given and family names are usual there
	// area is the customs area: within the one of the store its taxes apply, beyond it none do.
	area string
	// tax is the sales tax or VAT, in thousandths of a percent.
	tax    int64
	cities []city
}

// city is a city with its region, and the tax there when that is not the country's.
type city struct {
	name, region string
	tax          int64
}

var countries = map[string]country{
	"US": {"US", []string{"english", "english", "spanish", "indian", "korean"}, "US", 0, []city{
		{"New York", "New York", 8875}, {"Brooklyn", "New York", 8875}, {"Los Angeles", "California", 9500},
		{"San Francisco", "California", 8625}, {"San Diego", "California", 7750}, {"Chicago", "Illinois", 10250},
		{"Austin", "Texas", 8250}, {"Houston", "Texas", 8250}, {"Portland", "Oregon", 0}, {"Seattle", "Washington", 10350},
		{"Denver", "Colorado", 8810}, {"Miami", "Florida", 7000}, {"Atlanta", "Georgia", 8900},
		{"Boston", "Massachusetts", 6250}, {"Minneapolis", "Minnesota", 9025}, {"Phoenix", "Arizona", 8600}}},
	"CA": {"CA", []string{"english", "french", "indian"}, "CA", 13000, []city{
		{"Toronto", "Ontario", 0}, {"Ottawa", "Ontario", 0}, {"Montréal", "Québec", 14975}, {"Québec", "Québec", 14975},
		{"Vancouver", "British Columbia", 12000}, {"Calgary", "Alberta", 5000}, {"Halifax", "Nova Scotia", 14000}}},
	"MX": {"MX", []string{"spanish"}, "MX", 16000, []city{{"Ciudad de México", "CDMX", 0}, {"Guadalajara", "Jalisco", 0},
		{"Monterrey", "Nuevo León", 0}, {"Mérida", "Yucatán", 0}}},
	"BR": {"BR", []string{"portuguese"}, "BR", 17000, []city{{"São Paulo", "São Paulo", 0}, {"Rio de Janeiro", "Rio de Janeiro", 0},
		{"Curitiba", "Paraná", 0}, {"Belo Horizonte", "Minas Gerais", 0}, {"Recife", "Pernambuco", 0}}},
	"GB": {"GB", []string{"english", "english", "indian", "polish"}, "GB", 20000, []city{{"London", "England", 0},
		{"Manchester", "England", 0}, {"Bristol", "England", 0}, {"Leeds", "England", 0}, {"Brighton", "England", 0},
		{"Edinburgh", "Scotland", 0}, {"Glasgow", "Scotland", 0}, {"Cardiff", "Wales", 0}, {"Belfast", "Northern Ireland", 0}}},
	"IE": {"IE", []string{"english"}, "EU", 23000, []city{{"Dublin", "Dublin", 0}, {"Cork", "Cork", 0}, {"Galway", "Galway", 0}}},
	"DE": {"DE", []string{"german", "german", "turkish", "polish"}, "EU", 19000, []city{{"Berlin", "Berlin", 0},
		{"Hamburg", "Hamburg", 0}, {"München", "Bayern", 0}, {"Köln", "Nordrhein-Westfalen", 0},
		{"Düsseldorf", "Nordrhein-Westfalen", 0}, {"Frankfurt am Main", "Hessen", 0}, {"Leipzig", "Sachsen", 0},
		{"Freiburg im Breisgau", "Baden-Württemberg", 0}}},
	"AT": {"AT", []string{"german"}, "EU", 20000, []city{{"Wien", "Wien", 0}, {"Graz", "Steiermark", 0}, {"Salzburg", "Salzburg", 0}}},
	"CH": {"CH", []string{"german", "french", "italian"}, "CH", 8100, []city{{"Zürich", "Zürich", 0}, {"Bern", "Bern", 0},
		{"Genève", "Genève", 0}, {"Lugano", "Ticino", 0}}},
	"FR": {"FR", []string{"french", "french", "arabic"}, "EU", 20000, []city{{"Paris", "Île-de-France", 0},
		{"Lyon", "Auvergne-Rhône-Alpes", 0}, {"Marseille", "Provence-Alpes-Côte d’Azur", 0}, {"Nantes", "Pays de la Loire", 0},
		{"Bordeaux", "Nouvelle-Aquitaine", 0}, {"Strasbourg", "Grand Est", 0}}},
	"BE": {"BE", []string{"dutch", "french"}, "EU", 21000, []city{{"Bruxelles", "Bruxelles", 0}, {"Antwerpen", "Vlaanderen", 0},
		{"Gent", "Vlaanderen", 0}, {"Liège", "Wallonie", 0}}},
	"NL": {"NL", []string{"dutch"}, "EU", 21000, []city{{"Amsterdam", "Noord-Holland", 0}, {"Rotterdam", "Zuid-Holland", 0},
		{"Utrecht", "Utrecht", 0}, {"’s-Hertogenbosch", "Noord-Brabant", 0}}},
	"IT": {"IT", []string{"italian"}, "EU", 22000, []city{{"Roma", "Lazio", 0}, {"Milano", "Lombardia", 0}, {"Torino", "Piemonte", 0},
		{"Bologna", "Emilia-Romagna", 0}, {"Napoli", "Campania", 0}}},
	"ES": {"ES", []string{"spanish"}, "EU", 21000, []city{{"Madrid", "Madrid", 0}, {"Barcelona", "Cataluña", 0},
		{"València", "Comunitat Valenciana", 0}, {"Málaga", "Andalucía", 0}, {"A Coruña", "Galicia", 0}}},
	"PT": {"PT", []string{"portuguese"}, "EU", 23000, []city{{"Lisboa", "Lisboa", 0}, {"Porto", "Porto", 0}, {"Évora", "Évora", 0}}},
	"SE": {"SE", []string{"nordic"}, "EU", 25000, []city{{"Stockholm", "Stockholm", 0}, {"Göteborg", "Västra Götaland", 0},
		{"Malmö", "Skåne", 0}, {"Umeå", "Västerbotten", 0}}},
	"PL": {"PL", []string{"polish"}, "EU", 23000, []city{{"Warszawa", "Mazowieckie", 0}, {"Kraków", "Małopolskie", 0},
		{"Łódź", "Łódzkie", 0}, {"Gdańsk", "Pomorskie", 0}}},
	"TR": {"TR", []string{"turkish"}, "TR", 20000, []city{{"İstanbul", "İstanbul", 0}, {"Ankara", "Ankara", 0}, {"İzmir", "İzmir", 0},
		{"Bursa", "Bursa", 0}}},
	"JP": {"JP", []string{"japanese"}, "JP", 10000, []city{{"東京", "東京都", 0}, {"横浜", "神奈川県", 0}, {"大阪", "大阪府", 0},
		{"京都", "京都府", 0}, {"福岡", "福岡県", 0}, {"札幌", "北海道", 0}, {"仙台", "宮城県", 0}}},
	"KR": {"KR", []string{"korean"}, "KR", 10000, []city{{"서울", "서울특별시", 0}, {"부산", "부산광역시", 0}, {"인천", "인천광역시", 0},
		{"대구", "대구광역시", 0}}},
	"IN": {"IN", []string{"indian"}, "IN", 18000, []city{{"Mumbai", "Maharashtra", 0}, {"Bengaluru", "Karnataka", 0},
		{"New Delhi", "Delhi", 0}, {"Chennai", "Tamil Nadu", 0}, {"Kolkata", "West Bengal", 0}, {"Pune", "Maharashtra", 0}}},
	"AU": {"AU", []string{"english", "english", "indian", "italian"}, "AU", 10000, []city{{"Sydney", "New South Wales", 0},
		{"Melbourne", "Victoria", 0}, {"Brisbane", "Queensland", 0}, {"Perth", "Western Australia", 0}, {"Hobart", "Tasmania", 0}}},
	"KW": {"KW", []string{"arabic", "arabic", "indian"}, "GCC-KW", 0, []city{{"Kuwait City", "Al Asimah", 0}, {"Salmiya", "Hawalli", 0},
		{"Hawalli", "Hawalli", 0}, {"Jahra", "Al Jahra", 0}, {"Fahaheel", "Al Ahmadi", 0}}},
	"SA": {"SA", []string{"arabic"}, "GCC-SA", 15000, []city{{"الرياض", "Riyadh", 0}, {"جدة", "Makkah", 0}, {"الدمام", "Eastern Province", 0}}},
	"AE": {"AE", []string{"arabic", "indian", "english"}, "GCC-AE", 5000, []city{{"Dubai", "Dubai", 0}, {"Abu Dhabi", "Abu Dhabi", 0},
		{"Sharjah", "Sharjah", 0}}},
}

// rate is the tax on what is delivered to a city, in thousandths of a percent, when the store is in a customs area.
func (c country) rate(to city, area string) int64 {
	switch {
	case c.area != area:
		return 0
	case to.tax > 0:
		return to.tax
	}
	return c.tax
}
