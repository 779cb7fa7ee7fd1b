// How a text becomes the terms of the search index, letter for letter as
// generator/search/analysis.py does it, which says what the steps are and why.
//
// Registers Lunr's pipeline functions of ours; the other scripts of the search use
// bibpress.words: tokens, fold, folded, terms, stem, isCommon, lengthOf, CJK.
//
// Like all scripts of the search a classic one: a page opened from disk may load nothing else.

(function (scope) {
  "use strict";

  const lunr = scope.lunr;
  const bibpress = (scope.bibpress = scope.bibpress || {});

  // Lunr.js numbers the nodes of its term automaton from 1 and tells two of them apart by letters
  // and numbers run together, so that among terms with digits some are lost and others invented
  // (its issue 503). With numbers of nine digits throughout there is one way to read them.
  lunr.TokenSet._nextId = 100000000;

  // Ranges of characters as of Unicode 14, the same as in generator/search/letters.py, which says
  // what they mean: two numbers of base 36 each, how far a range begins after the last one's end,
  // and how many characters it holds beyond the first.

  const SPOKEN =
    "z 0 4 0 4 0 3 0 2 9 8 p 7 p 1c 0 8 1 2 0 4 1 2 2 2 m 2 u 2 cp 5 b f 4 8 0 2 0 3m 4 2 1 4 2 " +
    "2 0 7 0 2 2 2 0 2 j 2 2a 2 3u 9 4l 2 11 3 0 7 14 20 q 5 3 1a v 2 9 m 9 5 1 2 2q 2 0 g 1 8 " +
    "e 3 0 h 0 2 t u 2s f 16 a 1 5 0 6 l 5 0 a 0 4 0 o o 8 a 6 n 2 5 i 15 1j 28 5 e 3 9 2 i 2 7 " +
    "3 1 3 l 2 6 2 0 4 3 3 8 3 1 3 3 9 0 5 1 2 4 3 b 3 5 3 0 5 2 2 5 5 1 3 l 2 6 2 1 2 1 2 1 3 " +
    "0 2 4 5 1 3 2 4 0 8 3 2 0 8 f c 2 2 8 2 2 2 l 2 6 2 1 2 4 3 9 2 2 2 2 3 0 g 3 3 9 a 6 2 2 " +
    "2 7 3 1 3 l 2 6 2 1 2 4 3 8 3 1 3 2 8 2 5 1 2 4 3 9 2 6 b 1 2 5 4 2 2 3 4 1 2 0 2 1 4 1 4 " +
    "2 4 b 5 4 4 2 2 3 3 0 7 0 f c e c 2 2 2 m 2 f 3 8 2 2 2 3 8 1 2 2 3 0 3 3 3 9 9 6 2 3 2 7 " +
    "2 2 2 m 2 9 2 4 3 8 2 2 2 3 8 1 7 1 2 3 3 9 2 1 e c 2 2 2 1e 2 2 2 4 6 f 3 i 2 5 2 2 2 h 4 " +
    "n 2 8 2 0 3 6 4 0 5 5 2 0 2 7 7 9 3 1 e 1l 6 e 2 9 14 1 2 0 2 4 2 n 2 0 2 m 3 4 2 0 2 5 3 " +
    "9 3 3 x 0 w j b 9 2 z 5 g 3 0 4 f 2 z 1w 21 7 1o 2 f 3 11 2 0 6 0 3 16 2 98 2 3 3 6 2 0 2 " +
    "3 3 14 2 3 3 w 2 3 3 6 2 0 2 3 3 e 2 1k 2 3 3 1u f j 4 f h 2d 3 5 4 h7 3 g 2 p 6 22 4 a 8 " +
    "l a l c j d c 2 2 2 1 d 2b 4 0 5 0 4 9 7 9 n 9 7 2g 8 14 2 0 6 1x b u 2 b 5 8 e 13 3 4 c " +
    "17 5 p 7 a 12 m 3 2 5 1q 2 k c 9 7 9 e 0 2h 24 4 9 13 37 d 1j 9 9 4 1c 3 8 8 16 3 2 y 0 8 " +
    "3 2 5 2 2 3 0 6 5b 1t 7p 3 5 3 11 3 5 3 7 2 0 2 0 2 0 2 u 3 1g 2 6 2 0 4 2 2 6 4 3 3 5 5 c " +
    "6 2 2 6 s 1 b 2 22 1 3 6 5 b 6 c c 0 2g 3 2 2 2 a 2 1 3 4 4 0 3 0 2 0 2 0 2 3 2 a 2 4 6 4 " +
    "5 0 2 1l k7 4f a8 0 7b t vh 6c 7 3 4 1 a 0 3 11 2 0 6 0 3 1j 8 0 g n a 6 2 6 2 6 2 6 2 6 2 " +
    "6 2 6 2 6 29 0 34 0 2c 0 d 5x 1c 2 q 8 5 1 2 4 3 4 5 2d 3 6 2 2h 2 3 6 16 2 2l 4 19 1d 1a " +
    "2 2m 2 5dr 1t h3g 1w 19 3 7g 4 r l 1a h u 3 27 14 8 3 2u 3 1r 6 1 2 0 2 4 p 1h 5 0 4 5 b " +
    "1f d 1x b 9 p 5 4 0 2 19 6 z d s 4 1s f a 7 u 2 1i a d 3 9 7 m 4 1h 2 0 4 1 3 4 3 0 2 0 p " +
    "2 3 f 3 4 b 5 3 5 3 5 a 6 2 6 2 16 2 d 7 3e 2 1 3 9 7 8mb d m 5 1c 6it a5 3 2x 13 6 d 4 6 " +
    "0 2 n 2 4 2 0 2 1 2 1 2 2z y 3u 7 3x 4 20 j 1r 3 1h 15 c t 0 n 0 y 0 d 0 3 0 h 0 d 3g 7 0 " +
    "4 0 4 0 3 0 2 9 8 p 7 p c 2g 4 5 3 5 3 5 3 2 10 b 2 p 2 i 2 1 2 e 3 d z 3e d 18 d 1k i 1 " +
    "6t s 4 1c h q 5 z a t 6 11 b t 3 z 5 7 2 4 17 4d 3 9 7 z 5 z 5 13 9 1f d a 2 e 2 6 2 1 2 a " +
    "2 e 2 6 2 1 1w 8m a l b 7 p 5 2 15 2 8 1y 5 3 0 2 17 2 1 4 0 3 m 3 u 3 11 9 8 1d i 2 1 6 w " +
    "5 p 1z 1j 5 j 3 1d 2 1 6 0 2 0 2 3 2 2 2 s a 9 o u 2 v x 7 2 r 7 4 h 1h b l 3 q 6 p o 6 29 " +
    "20 1k 1e e 1e 8 15 d 9 87 u 2 15 7 1 27 13 9 l c 3 s h 1b r l m a 1y c z a 1n 8 0 e o 8 9 " +
    "a 1d 2 9 5 3 9 z 3 0 a 1w 5 3 2 c 2 0 5 j c h 2 10 7 0 1u 6 2 0 2 3 2 e 2 9 8 1m 6 9 7 3 2 " +
    "7 3 1 3 l 2 6 2 1 2 4 2 9 3 1 3 2 3 0 7 0 6 6 4d 22 6 9 6 2 v 1x 2 0 9 9 4n 1h 3 8 o 5 z " +
    "1s 4 0 c 9 13 1k 8 9 1j q 3 e 5 b 5 6 56 1m 2u 2a d 7 3 0 3 7 2 1 2 t 2 1 3 8 d 9 1z 7 3 " +
    "19 3 7 2 1 s 1q 9 0 9 21 4 0 j 20 7c 8 2 18 2 8 g s 6 t 3 l 2 d 22 6 2 1 2 17 4 0 2 1 2 8 " +
    "9 9 7 5 2 1 2 10 2 1 2 5 8 9 8n m 56 0 g k 18 pl 2v 32 i 5f 219 2o g tq 34i g6 6nu fs 8 u " +
    "2 9 7 26 2 9 7 t j 1b h 3 d 9 2 6 2 k 6 i j5 2e 2y 22 5 1k 8 g 1t 1 2 1 c 1 f 4qf 9 yd 17 " +
    "8 6w8 3 2 6 2 1 2 82 1a 2 i 3 9 az 1s5 2y 6 c 4 8 8 9 4 0 3mr 19 3 m ew 8 7 5 21 5 80 j 31 " +
    "o 3s 2c 2 1y 2 1 3 0 3 1 3 3 2 b 2 0 2 6 2 1s 2 3 3 7 2 6 2 r 2 3 2 4 2 0 4 6 2 9f 3 o 2 o " +
    "2 u 2 o 2 u 2 o 2 u 2 o 2 u 2 o 2 7 3 1d e9 1i 5 1d 9 0 f 0 n 4 2 e up u de 18 b 6 3 9 5 0 " +
    "8y t j 17 5 9 yv 6 2 3 2 1 2 e 2 5g 3 8 1d 1v 7 1 5 9 m0 1m 2 2 2 3 25 18 2 e 5f 3 2 q 2 1 " +
    "2 0 3 0 2 9 2 3 2 0 2 0 7 0 5 0 2 0 2 0 2 2 2 1 2 0 3 0 2 0 2 0 2 0 2 0 2 1 2 0 3 3 2 6 2 " +
    "3 2 3 2 0 2 9 2 g 6 2 2 4 2 g g5 c 4 u 2 v r 2 10 0 34 2 e 17 5 8 8 1 1wf 9 sn wyn x 37c 8 " +
    "65 3 4g1 f 5rk 2e8 f1 15v 3t6";
  const SILENT =
    "4t 0 gj 33 7o 6 7c 18 2 0 2 1 2 1 2 0 1l 5 b a 2 0 10 0 b k h 0 2u 7 2 5 3 1 2 3 y 0 2 0 v " +
    "q 4h 8 a 0 p 3 2 8 2 2 2 4 18 2 1h 1 7 7 17 1h 2a 3 4q 0 10a 1 s 0 2 0 2 0 21 1 3 1 1r 0 " +
    "5j 0 k0 2 vy 0 1a 4 4a 0 40 2 64 1 2l 7 3 0 1d u 4d 8 9p 2 2 c 2 6 5 0 7 0 4 1 5j 1r el 3 " +
    "r 4 1e 4 2 9 2p w 2db 2 6n v ff 3 ncy 3 2 9 x 1 29 1 dr h 1m 2 ar 0 2 2 3 1 6 1 2 0 fvh 0 " +
    "ki f h f cq 2 ea 0 6b 0 46 4 1ar 0 2 0 15 2 4r 1 fy 3 as 1 4a a 1e 3 8o 0 g 0 1f 2 h0 6 4 " +
    "4 6i 0 6aa 8 at4 4 1o 6 g2w 0 2 3 43o 2 a f 3 6 v 3 45 2 2po 6 2 g 3 6 2 1 2 4 7a 6 ag 0 " +
    "1q 3 15t 6 32 5 gzaw 0 v 2n 3l 6n";

  const SPELLED = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
    "ħ": "h", "ŧ": "t", "ı": "i", "ȷ": "j", "ŋ": "ng", "ς": "σ", "♯": "#",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'"
  };

  const LONGEST = 64;
  const SIGNED = /([^+#]+)(\+\+|[+#](?![^'.+#]))?[+#]*/gu;
  const INITIALS = /^(?:[^'.0-9]\.)+[^'.0-9]$/u;
  const DOT = /(?<![0-9])\.+|\.+(?![0-9])/u;
  const CJK = new RegExp(
    "([\\u1100-\\u11ff\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u3041-\\u30ff" +
    "\\u31f0-\\u31ff\\u3400-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff" +
    "\\u{1aff0}-\\u{1b16f}\\u{20000}-\\u{3ffff}]+)", "u");

  const spoken = starts(SPOKEN);
  const silent = starts(SILENT);
  const characters = new Map();

  // The words in a token; what they are, and why, stands at the function's twin in Python.
  function fold(token) {
    if (/^[a-z0-9]+$/.test(token)) return [token.slice(0, LONGEST)];
    const words = Array.from(token, folded).join("").split(" ").filter(Boolean);
    const found = words.flatMap((word) => parts(composed(word)));
    return found.length ? found : [""];
  }

  function folded(char) {
    if (!characters.has(char)) characters.set(char, foldCharacter(char));
    return characters.get(char);
  }

  function foldCharacter(char) {
    if (!liesIn(spoken, char)) return liesIn(silent, char) ? "" : " ";
    const small = Array.from(char.normalize("NFKD").toLowerCase());
    const spelled = small.map((part) => SPELLED[part] || part).join("").normalize("NFKD");
    const kept = Array.from(spelled, (part) =>
      liesIn(spoken, part) ? part : liesIn(silent, part) ? "" : " ");
    return kept.join("").normalize("NFC");
  }

  function composed(word) {
    return Array.from(word).length > 4 * LONGEST ? word : word.normalize("NFC");
  }

  function parts(word) {
    const tokens = [];
    for (const [, piece, sign] of word.matchAll(SIGNED)) {
      const base = stripped(piece);
      const found = undotted(base).flatMap(spelledOut);
      const signed =
        found.length && sign && piece.endsWith(base) ? withSign(found[found.length - 1], sign) : "";
      if (signed && lengthOf(signed) === 1 + sign.length) found.pop();
      for (const token of found) tokens.push(token); // perhaps a hundred thousand
      if (signed) tokens.push(signed);
    }
    return tokens;
  }

  function withSign(token, sign) {
    return /[0-9]$/.test(token) || token.search(CJK) === 0 ? "" : token + sign;
  }

  function undotted(base) {
    return INITIALS.test(base) ? [base.replaceAll(".", "")] : base.split(DOT);
  }

  function spelledOut(part) {
    const pieces = part.split("'").filter(Boolean);
    if (pieces.length > 1 && pieces[pieces.length - 1] === "s") pieces.pop();
    const others = pieces.slice(1).filter((piece) => lengthOf(piece) > 2);
    return [pieces.join(""), ...others].flatMap(cut);
  }

  function cut(text) {
    return text.split(CJK).flatMap((run, number) => {
      const letters = Array.from(run);
      if (number % 2 && letters.length > 1) {
        return letters.slice(1).map((letter, before) => letters[before] + letter);
      }
      return run ? [letters.slice(0, LONGEST).join("")] : [];
    });
  }

  function stripped(piece) {
    let from = 0;
    let to = piece.length;
    while (from < to && "'.".includes(piece[from])) from += 1;
    while (to > from && "'.".includes(piece[to - 1])) to -= 1;
    return piece.slice(from, to);
  }

  function lengthOf(text) {
    return Array.from(text).length;
  }

  // Where each range begins and where the gap after it does, in turn.
  function starts(table) {
    const numbers = table.split(" ").map((number) => parseInt(number, 36));
    const found = [];
    for (let i = 0, end = 0; i < numbers.length; i += 2) {
      found.push(end + numbers[i], end + numbers[i] + numbers[i + 1] + 1);
      end += numbers[i] + numbers[i + 1];
    }
    return found;
  }

  function liesIn(bounds, char) {
    const code = char.codePointAt(0);
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle] <= code) low = middle + 1;
      else high = middle;
    }
    return low % 2 === 1;
  }

  // The pipeline functions. Lunr gives each token the fields it is indexed in.
  function foldToken(token) {
    return fold(token.toString()).map((word) => token.clone(() => word));
  }

  function keepToken(token) {
    if (token.toString() === "") return undefined;
    const fields = token.metadata.fields || [];
    return fields.includes("authors") ? token : lunr.stopWordFilter(token);
  }

  lunr.Pipeline.registerFunction(foldToken, "bibpress-fold");
  lunr.Pipeline.registerFunction(keepToken, "bibpress-stop-words");

  function tokens(text) {
    return lunr.tokenizer(text).map((token) => token.str);
  }

  function stem(word) {
    return lunr.stemmer(new lunr.Token(word)).toString();
  }

  // The terms of a token. Pages show the same words again and again, so they are remembered.
  const known = new Map();

  function terms(token) {
    if (known.size > 20000) known.clear();
    if (!known.has(token)) known.set(token, fold(token).map(stem));
    return known.get(token);
  }

  // A stop word of Lunr's, which counts as an author's name only.
  function isCommon(word) {
    return !lunr.stopWordFilter(new lunr.Token(word));
  }

  bibpress.words = { tokens, fold, folded, terms, stem, isCommon, lengthOf, CJK };
})(globalThis);
