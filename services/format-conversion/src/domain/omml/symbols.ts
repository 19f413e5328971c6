/** LaTeX commands for characters that formulas contain, by character. */
const COMMANDS: Readonly<Record<string, string>> = Object.fromEntries(
  `α alpha β beta γ gamma δ delta ε varepsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota κ kappa λ lambda μ mu µ mu ν nu
   ξ xi π pi ϖ varpi ρ rho ϱ varrho σ sigma ς varsigma τ tau υ upsilon φ varphi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta ∆ Delta
   Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega ∞ infty ∂ partial ∇ nabla ℏ hbar ℓ ell ℜ Re ℑ Im ℵ aleph ∅ emptyset
   ± pm ∓ mp × times ÷ div ⋅ cdot · cdot ∙ cdot ∗ ast ⋆ star ∘ circ • bullet ⊕ oplus ⊖ ominus ⊗ otimes ⊙ odot † dagger ‡ ddagger
   ≤ leq ≥ geq ≪ ll ≫ gg ≠ neq ≡ equiv ≈ approx ∼ sim ≃ simeq ≅ cong ∝ propto ≺ prec ≻ succ ∈ in ∉ notin ∋ ni ⊂ subset ⊃ supset ⊆ subseteq
   ⊇ supseteq ∪ cup ∩ cap ∖ setminus ∧ wedge ∨ vee ¬ neg ∀ forall ∃ exists ∄ nexists ⊢ vdash ⊨ models ⊥ perp ∥ parallel ∠ angle ∣ mid
   ← leftarrow → rightarrow ↔ leftrightarrow ⇐ Leftarrow ⇒ Rightarrow ⇔ Leftrightarrow ↑ uparrow ↓ downarrow ↦ mapsto ⟶ longrightarrow
   ⟹ Longrightarrow ⟺ iff ↪ hookrightarrow ⇌ rightleftharpoons … ldots ⋯ cdots ⋮ vdots ⋱ ddots ∴ therefore ∵ because ∎ blacksquare
   ⟨ langle ⟩ rangle ⌈ lceil ⌉ rceil ⌊ lfloor ⌋ rfloor ‖ Vert ° degree √ surd △ triangle □ square ◊ lozenge ′ prime ⟂ perp`
    .trim()
    .split(/\s+/)
    .reduce<[string, string][]>((pairs, token, index) => {
      if (index % 2 === 0) pairs.push([token, '']);
      else (pairs.at(-1) as [string, string])[1] = `\\${token}`;
      return pairs;
    }, []),
);

/** Characters that LaTeX reads as instructions. */
const ESCAPES: Readonly<Record<string, string>> = {
  '#': '\\#', '%': '\\%', '&': '\\&', _: '\\_', '{': '\\{', '}': '\\}', '\\': '\\backslash ', $: '\\$', '~': '\\sim ',
  '\u2212': '-', '\u2013': '-', '\u2061': '', '\u2062': '', '\u2063': '', '\u2064': '', '\u00a0': '~', '\u200b': '',
}; // prettier-ignore

/** Signs of n-ary operators (ECMA-376 part 1, section 22.1.2.70). */
const OPERATORS: Readonly<Record<string, string>> = {
  '∑': '\\sum', '∏': '\\prod', '∐': '\\coprod', '∫': '\\int', '∬': '\\iint', '∭': '\\iiint', '∮': '\\oint', '∯': '\\oiint', '∰': '\\oiiint',
  '⋃': '\\bigcup', '⋂': '\\bigcap', '⋁': '\\bigvee', '⋀': '\\bigwedge', '⨁': '\\bigoplus', '⨂': '\\bigotimes', '⨀': '\\bigodot',
}; // prettier-ignore

/** Combining characters of accents (section 22.1.2.1) as commands over one argument. */
const ACCENTS: Readonly<Record<string, string>> = {
  '\u0302': '\\hat', '\u0303': '\\tilde', '\u0304': '\\bar', '\u0305': '\\overline', '\u0306': '\\breve', '\u0307': '\\dot', '\u0308': '\\ddot',
  '\u20db': '\\dddot', '\u030c': '\\check', '\u0301': '\\acute', '\u0300': '\\grave', '\u20d7': '\\vec', '\u20d6': '\\overleftarrow', '^': '\\hat',
  '~': '\\tilde', '¯': '\\bar', '→': '\\vec', '´': '\\acute', '`': '\\grave', '˙': '\\dot', '¨': '\\ddot', 'ˇ': '\\check', '˘': '\\breve',
}; // prettier-ignore

const FUNCTIONS = new Set(
  'arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min Pr sec sin sinh sup tan tanh'.split(
    ' ',
  ),
);

/** Text of a run as LaTeX. Letters of the mathematical alphanumeric block become plain ones. */
export function texText(text: string): string {
  // Spaces between words would vanish in a formula.
  return [...text]
    .map(texCharacter)
    .reduce(joinTex, '')
    .replace(/(?<=[A-Za-z]) +(?=[A-Za-z])/g, '\\ ');
}

function texCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x1d400 && code <= 0x1d7ff) return texCharacter(character.normalize('NFKC'));
  return ESCAPES[character] ?? COMMANDS[character] ?? character;
}

/** Joins two pieces; a command that ends in a letter needs a space before a letter. */
export function joinTex(left: string, right: string): string {
  return /\\[A-Za-z]+$/.test(left) && /^[A-Za-z]/.test(right) ? `${left} ${right}` : left + right;
}

export function operatorCommand(sign: string): string {
  return OPERATORS[sign] ?? COMMANDS[sign] ?? sign;
}

export function accentCommand(sign: string): string {
  return ACCENTS[sign] ?? '\\hat';
}

/** `\cos`, or `\operatorname{argmax}` for names that LaTeX does not know. */
export function functionCommand(name: string): string {
  if (FUNCTIONS.has(name)) return `\\${name}`;
  return /^[A-Za-z][\w ]*$/.test(name) ? `\\operatorname{${name}}` : texText(name);
}

/** A delimiter after `\left` or `\right`; none is a dot. */
export function delimiter(sign: string): string {
  if (sign === '') return '.';
  return ESCAPES[sign] ?? COMMANDS[sign] ?? sign;
}
