package market

import "strings"

// names are the given and family names of a language, among which a letter or script is never a reason to be left out.
// Where the script is not Latin, the part after "=" is how the name is written in an email address.
type names struct{ given, family []string }

func list(s string) []string { return strings.Split(s, ", ") }

var languages = map[string]names{
	"english": {
		list("Olivia, Amelia, Grace, Emily, Charlotte, Hannah, Zoe, Maya, Jack, Oliver, Noah, Ethan, Liam, Samuel, Theo, Siobhán"),
		list("Smith, Johnson, Williams, Brown, Taylor, Davies, Wilson, Evans, O'Connor, Walker, Robinson, Thompson, Clarke, Hughes, Bennett, Smith-Jones")},
	"german": {
		list("Anna, Lena, Jürgen, Käthe, Sophie, Marie, Jonas, Lukas, Felix, Maximilian, Björn, Greta, Heike, Moritz, Paul, Änne"),
		list("Müller, Schmidt, Schneider, Fischer, Weber, Wagner, Becker, Schäfer, Groß, Köhler, Krause, Jäger, Hofmann, von der Heide, Böhm, Weiß")},
	"french": {
		list("Léa, Chloé, Camille, Élodie, Manon, Zoé, Inès, Hugo, Lucas, François, Jérôme, Théo, Gaël, Noël, Mathis, Anaïs"),
		list("Martin, Bernard, Dubois, Lefèvre, Moreau, Laurent, Simon, Michel, Garnier, Faure, d’Aubigné, Rousseau, Béranger, Lemaître, Perrin, Noël")},
	"spanish": {
		list("Lucía, Sofía, María José, Martina, Valeria, Inés, Alejandro, Mateo, José, Diego, Andrés, Pablo, Iker, Begoña, Raúl, Núria"),
		list("García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez, Ramírez, Ibáñez, Muñoz, Núñez, Castro, Vega, Ortega, de la Cruz")},
	"italian": {
		list("Giulia, Sofia, Aurora, Chiara, Francesca, Martina, Leonardo, Alessandro, Lorenzo, Matteo, Niccolò, Davide, Elena, Paolo, Giò, Ilaria"),
		list("Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo, D’Angelo, De Luca, Conti, Nicolò")},
	"portuguese": {
		list("Beatriz, Mariana, Inês, Ana, Letícia, Júlia, João, Miguel, Tomás, Gonçalo, Rafael, Thiago, Luísa, Otávio, Caetano, Conceição"),
		list("Silva, Santos, Ferreira, Pereira, Oliveira, Costa, Rodrigues, Gonçalves, Araújo, Magalhães, Simões, Ribeiro, Carvalho, Teixeira, Moreira, dos Anjos")},
	"dutch": {
		list("Emma, Sanne, Fleur, Lotte, Noor, Daan, Sem, Bram, Thijs, Joost, Willemijn, Maud, Ruben, Zoë, Jelle, Anouk"),
		list("de Jong, Jansen, de Vries, van den Berg, Bakker, Visser, Smit, Meijer, de Boer, Mulder, Peters, van Dijk, Vos, Claes, Maes, Goossens")},
	"nordic": {
		list("Astrid, Freja, Åsa, Elin, Saga, Sigrid, Björn, Lars, Søren, Oskar, Håkan, Gustav, Linnéa, Märta, Nils, Øyvind"),
		list("Andersson, Johansson, Lindqvist, Nyström, Bergström, Åberg, Sjögren, Hansen, Sørensen, Ødegård, Lund, Ek, Holm, Björk, Dahl, Öberg")},
	"polish": {
		list("Zofia, Małgorzata, Agnieszka, Hanna, Łucja, Katarzyna, Jakub, Szymon, Paweł, Michał, Stanisław, Grażyna, Wojciech, Ewa, Ola, Bożena"),
		list("Nowak, Kowalski, Wiśniewski, Wójcik, Kamiński, Lewandowski, Zieliński, Szymański, Dąbrowski, Kozłowski, Jankowski, Mazur, Krawczyk, Grabowski, Pawłowski, Żak")},
	"turkish": {
		list("Elif, Zeynep, Ayşe, Defne, Özge, Şule, Mehmet, Mustafa, Emre, Çağlar, Ömer, İbrahim, Gülşen, Kerem, Yiğit, Deniz"),
		list("Yılmaz, Kaya, Demir, Şahin, Çelik, Yıldız, Öztürk, Aydın, Özdemir, Arslan, Doğan, Kılıç, Aslan, Çetin, Koç, Güneş")},
	"japanese": {
		list("花子=hanako, 陽菜=hina, 美咲=misaki, さくら=sakura, 結衣=yui, 葵=aoi, 太郎=taro, 蓮=ren, 大翔=hiroto, 悠真=yuma, 健太=kenta, 翔=sho, 直美=naomi, 恵子=keiko, 誠=makoto, ユリ=yuri"),
		list("佐藤=sato, 鈴木=suzuki, 高橋=takahashi, 田中=tanaka, 伊藤=ito, 渡辺=watanabe, 山本=yamamoto, 中村=nakamura, 小林=kobayashi, 加藤=kato, 吉田=yoshida, 山田=yamada, 佐々木=sasaki, 松本=matsumoto, 井上=inoue, 髙木=takagi")},
	"korean": {
		list("민준=minjun, 서연=seoyeon, 지우=jiwoo, 하은=haeun, 도윤=doyun, 서준=seojun, 수빈=subin, 예린=yerin, 지훈=jihoon, 현우=hyunwoo, 유나=yuna, 은지=eunji"),
		list("김=kim, 이=lee, 박=park, 최=choi, 정=jung, 강=kang, 조=cho, 윤=yoon, 장=jang, 임=lim, 한=han, 오=oh")},
	"indian": {
		list("Aarav, Vivaan, Aditya, Arjun, Rohan, Ishaan, Ananya, Diya, Priya, Kavya, Meera, Lakshmi, Sunita, Rajesh, Farhan, Gurpreet"),
		list("Sharma, Patel, Singh, Kumar, Gupta, Iyer, Nair, Reddy, Menon, Banerjee, Chatterjee, Khan, Kaur, Joshi, Desai, Mehta")},
	"arabic": {
		list("فاطمة=fatima, مريم=maryam, نورة=noura, ليلى=layla, سارة=sara, هند=hind, محمد=mohammed, أحمد=ahmad, عبدالله=abdullah, يوسف=yousef, خالد=khaled, Dalal, Fahad, Hessa, Nasser, Amira"),
		list("العنزي=alenezi, المطيري=almutairi, الشمري=alshammari, الرشيدي=alrashidi, العجمي=alajmi, حداد=haddad, منصور=mansour, Al-Sabah, Al-Fahad, Khalil, Nasser, Rahman")},
}

// display is the name as people write it.
func display(name string) string {
	shown, _, _ := strings.Cut(name, "=")
	return shown
}

// plain is the name with nothing but the letters that an email address surely takes.
func plain(name string) string {
	if _, latin, ok := strings.Cut(name, "="); ok {
		return latin
	}
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		} else {
			b.WriteString(latin[r])
		}
	}
	return b.String()
}

// latin are the letters of the names above as people who have no such key write them.
var latin = func() map[rune]string {
	m := make(map[rune]string)
	for pair := range strings.FieldsSeq(`áa àa âa ãa äae åa ąa ćc çc ée èe êe ëe ęe ğg íi ìi ïi îi ıi łl ñn ńn óo òo ôo õo öoe øo śs şs
		ßss úu ùu ûu üue ýy źz żz æae œoe`) {
		for i, r := range pair {
			if i == 0 {
				m[r] = pair[len(string(r)):]
			}
		}
	}
	return m
}()
