package market

// section is a part of the store: products of one type.
type section struct {
	kind    string // the product type
	code    string // the first letters of the SKUs
	vendors []string
	tags    []string
	// variants are in which a product of the section comes, with their price in percent of the product's.
	variants []variant
	products []offer
}

type variant struct {
	title, code string
	percent     int64
}

// offer is a product with its price in cents of a dollar.
type offer struct {
	title string
	cents int64
}

var (
	weights = []variant{{"100 g", "100", 100}, {"250 g", "250", 220}, {"500 g", "500", 400}}
	bags    = []variant{{"250 g", "250", 100}, {"500 g", "500", 185}, {"1 kg", "1000", 350}}
	colours = []variant{{"Sand", "SND", 100}, {"Moss", "MOS", 100}, {"Indigo", "IND", 100}, {"Terracotta", "TER", 100}}
	sizes   = []variant{{"S", "S", 100}, {"M", "M", 100}, {"L", "L", 100}, {"XL", "XL", 110}}
	burning = []variant{{"120 g", "120", 100}, {"220 g", "220", 160}}
	single  = []variant{{"", "1", 100}}
)

var giftCards = section{"Gift Cards", "GIFT", []string{"Harbour & Pine"}, []string{"gift"},
	[]variant{{"25", "025", 100}, {"50", "050", 200}, {"100", "100", 400}}, []offer{{"Gift Card", 2500}}}

var sections = []section{
	{"Tea", "TEA", []string{"Hillside Tea Co.", "Maison Thé"}, []string{"drinks", "organic"}, weights, []offer{
		{"Darjeeling First Flush", 1450}, {"Assam Breakfast", 980}, {"Earl Grey Bergamot", 1050}, {"Sencha Uji", 1650},
		{"Genmaicha", 1190}, {"Jasmine Pearls", 1890}, {"Lapsang Souchong", 1290}, {"White Peony", 1750}, {"Rooibos Vanilla", 890},
		{"Peppermint Leaves", 790}, {"Ceremonial Matcha", 2990}, {"Alpine Herb Blend", 950}}},
	{"Coffee", "COF", []string{"North Dock Roasters", "Café Ibarra"}, []string{"drinks"}, bags, []offer{
		{"House Espresso", 1390}, {"Yirgacheffe Natural", 1790}, {"Huila Washed", 1590}, {"Decaf Sugarcane", 1490},
		{"Sumatra Mandheling", 1550}, {"Kenya AA Nyeri", 1890}, {"Cold Brew Blend", 1450}, {"Guatemala Antigua", 1520},
		{"Breakfast Filter", 1290}, {"Santos Mild", 1190}, {"Panama Geisha", 4900}, {"Monsooned Malabar", 1480}}},
	{"Mugs & Cups", "MUG", []string{"Kiln Street Pottery", "Tokoname Works"}, []string{"ceramics", "handmade"}, colours, []offer{
		{"Everyday Mug", 1600}, {"Stoneware Tumbler", 1850}, {"Espresso Cup Pair", 2400}, {"Tea Bowl", 3200}, {"Travel Cup 350 ml", 2900},
		{"Enamel Camp Mug", 1450}, {"Double-Wall Glass", 1950}, {"Cappuccino Cup & Saucer", 2250}, {"Porcelain Beaker", 2100},
		{"Kulhad Set of Four", 2600}, {"Yunomi Cup", 2800}, {"Latte Bowl", 1900}}},
	{"Teapots & Brewers", "BRW", []string{"Tokoname Works", "North Dock Roasters"}, []string{"brewing"}, single, []offer{
		{"Kyusu Teapot 300 ml", 6800}, {"Glass Teapot with Strainer", 3900}, {"Cast Iron Teapot", 8900}, {"Pour-Over Dripper", 2700},
		{"French Press 1 l", 4200}, {"Moka Pot 3 Cups", 3600}, {"Gooseneck Kettle", 7900}, {"Hand Grinder", 9800},
		{"Bamboo Whisk", 2200}, {"Paper Filters, 100", 750}, {"Digital Scale", 4500}, {"Cold Brew Bottle", 2950}}},
	{"Candles", "CAN", []string{"Ember & Ash", "Atelier Lune"}, []string{"home", "scent"}, burning, []offer{
		{"Fig Leaf Candle", 2400}, {"Cedar & Smoke Candle", 2600}, {"Sea Salt Candle", 2400}, {"Lavender Fields Candle", 2200},
		{"Winter Spice Candle", 2500}, {"Beeswax Pillar", 1800}, {"Tomato Vine Candle", 2600}, {"Orange Blossom Candle", 2400},
		{"Sandalwood Candle", 2800}, {"Tea Light Set", 990}, {"Hinoki Candle", 3100}, {"Rain on Stone Candle", 2700}}},
	{"Stationery", "STA", []string{"Papier Nord", "Ledgerworks"}, []string{"paper", "desk"}, single, []offer{
		{"Dotted Notebook A5", 1490}, {"Linen Journal", 2190}, {"Pocket Notebook, Set of 3", 1250}, {"Weekly Planner", 2450},
		{"Brass Ballpoint", 3400}, {"Fountain Pen, Fine", 4800}, {"Letter Set", 1650}, {"Washi Tape Trio", 890},
		{"Wall Calendar", 1950}, {"Pencil Tin, 12", 1350}, {"Desk Pad", 3900}, {"Bookmark Ruler", 690}}},
	{"Bags", "BAG", []string{"Fieldwork", "Studio Canvas"}, []string{"accessories"}, colours, []offer{
		{"Canvas Tote", 2400}, {"Market Bag", 1900}, {"Roll-Top Backpack", 11900}, {"Waxed Messenger", 13900}, {"Pencil Pouch", 1600},
		{"Lunch Bag", 2800}, {"Weekend Duffel", 14900}, {"Drawstring Sack", 2100}, {"Laptop Sleeve", 4400}, {"Belt Bag", 3900},
		{"Toiletry Kit", 3300}, {"Bicycle Pannier", 9900}}},
	{"Apparel", "APP", []string{"Fieldwork", "Harbour & Pine"}, []string{"clothing"}, sizes, []offer{
		{"Heavy Cotton T-Shirt", 3200}, {"Fisherman Beanie", 2800}, {"Linen Shirt", 7900}, {"Merino Crew", 9900}, {"Chore Jacket", 13900},
		{"Barista Apron", 4600}, {"Wool Socks", 1800}, {"Rain Parka", 16900}, {"Corduroy Cap", 3400}, {"Alpaca Scarf", 6900},
		{"Garden Gloves", 2200}, {"Flannel Overshirt", 8900}}},
	{"Kitchen", "KIT", []string{"Ostend Kitchen", "Kiln Street Pottery"}, []string{"home", "kitchen"}, single, []offer{
		{"Olive Wood Board", 4900}, {"Linen Tea Towel Pair", 2400}, {"Paring Knife", 3800}, {"Mortar & Pestle", 4400},
		{"Honey Dipper", 890}, {"Oak Salt Cellar", 2600}, {"Enamel Colander", 3700}, {"Stoneware Dinner Plate", 2800},
		{"Cake Stand", 5900}, {"Copper Measuring Spoons", 2300}, {"Bread Basket", 3100}, {"Salad Servers", 2700}}},
	{"Pantry", "PAN", []string{"Ostend Kitchen", "Hillside Tea Co."}, []string{"food"}, single, []offer{
		{"Wildflower Honey", 1250}, {"Sea Salt Caramels", 1100}, {"Dark Chocolate 72 %", 690}, {"Almond Biscotti", 890},
		{"Fig & Walnut Crackers", 750}, {"Seville Marmalade", 950}, {"Chai Concentrate", 1450}, {"Oat Shortbread", 820},
		{"Candied Ginger", 780}, {"Vanilla Beans, 3", 1690}, {"Maple Syrup", 1890}, {"Pistachio Cream", 1550}}},
	{"Bath & Body", "BTH", []string{"Atelier Lune", "Savon d’Été"}, []string{"care", "vegan"}, single, []offer{
		{"Oatmeal Soap Bar", 790}, {"Olive Oil Soap", 850}, {"Hand Balm", 1650}, {"Eucalyptus Bath Salts", 1900}, {"Linen Bath Mitt", 1400},
		{"Rose Body Oil", 3400}, {"Lip Balm Trio", 1350}, {"Shaving Brush", 4200}, {"Natural Sponge", 1750}, {"Waffle Towel", 3600},
		{"Clay Mask", 2450}, {"Cedar Comb", 1600}}},
	{"Plants & Garden", "PLA", []string{"Green Room", "Fieldwork"}, []string{"home", "garden"}, single, []offer{
		{"Terracotta Planter", 2600}, {"Brass Watering Can", 5400}, {"Herb Seed Box", 1850}, {"Hanging Planter", 3200},
		{"Plant Mister", 2300}, {"Hori Hori Knife", 4600}, {"Wildflower Seed Mix", 690}, {"Bonsai Scissors", 3900},
		{"Moss Pole", 1450}, {"Potting Mat", 2900}, {"Bird Feeder", 3500}, {"Plant Labels, Slate", 1200}}},
}
