using System.Collections.Frozen;
using System.Text;

namespace ICPO.MathAnswers.Latex;

/// <summary>Tables of LaTeX commands: signs, functions, text, and commands without meaning.</summary>
internal static class Notation
{
    /// <summary>Commands that stand for one sign.</summary>
    public static readonly FrozenDictionary<string, char> Signs = Pairs(
            "le ≤,leq ≤,leqslant ≤,leqq ≤,ge ≥,geq ≥,geqslant ≥,geqq ≥,ne ≠,neq ≠,lt <,gt >,in ∈,cup ∪,cap ∩,bigcup ∪,bigcap "
                + "∩,setminus ∖,backslash ∖,pm ±,mp ∓,cdot *,times *,ast *,"
                + "bullet *,div /,approx ≈,approxeq ≈,sim ≈,simeq ≈,cong ≈,doteq ≈,equiv ≡,to →,rightarrow →,Rightarrow →,"
                + "implies →,Longrightarrow →,longrightarrow →,iff →,Leftrightarrow →,"
                + "lbrace ⦃,rbrace ⦄,langle ⟨,rangle ⟩,lfloor ⌊,rfloor ⌋,lceil ⌈,rceil ⌉,mid |,vert |,lvert |,rvert |,Vert ‖,"
                + "lVert ‖,rVert ‖,circ °,degree °,prime ',ldots …,dots …,cdots …,dotsc …,dotsb …,"
                + "vdots …,colon :,land ∧,wedge ∧,lor ∨,vee ∨,lbrack [,rbrack ],lparen (,rparen )"
        )
        .ToFrozenDictionary(p => p.Key, p => p.Value[0]);

    /// <summary>Functions of one argument, with the names that evaluation uses.</summary>
    public static readonly FrozenDictionary<string, string> Functions = Pairs(
            "sin sin,cos cos,tan tan,cot cot,sec sec,csc csc,cosec csc,arcsin arcsin,arccos arccos,arctan arctan,asin arcsin,"
                + "acos arccos,atan arctan,tg tan,ctg cot,arctg arctan,arccot arccot,"
                + "arcsec arcsec,arccsc arccsc,sinh sinh,cosh cosh,tanh tanh,coth coth,sech sech,csch csch,arcsinh arcsinh,"
                + "arccosh arccosh,arctanh arctanh,arsinh arcsinh,arcosh arccosh,artanh arctanh,"
                + "ln ln,log log,lg lg,exp exp,cis cis,det det,gcd gcd,lcm lcm,max max,min min,sgn sgn,sign sgn,Re re,Im im,"
                + "abs abs,arg arg,erf erf"
        )
        .ToFrozenDictionary(p => p.Key, p => p.Value);

    /// <summary>Commands that format the text in their argument.</summary>
    public static readonly FrozenSet<string> TextCommands = Names(
        "text,textbf,textit,textrm,textnormal,textsf,texttt,textsc,textup,emph,mbox,hbox,mathrm,mathbf,mathit,mathsf,mathtt,"
            + "mathcal,mathscr,mathfrak,boldsymbol,bm,operatorname,rm,bf,it,underline,Bold"
    );

    /// <summary>Sizes of brackets: f\left(x\right) is f(x).</summary>
    public static readonly FrozenSet<string> BracketSizes = Names(
        "left,right,bigl,bigr,Bigl,Bigr,biggl,biggr,Biggl,Biggr,big,Big,bigg,Bigg"
    );

    /// <summary>Commands without mathematical meaning.</summary>
    public static readonly FrozenSet<string> Silent = Names(
        "left,right,bigl,bigr,Bigl,Bigr,biggl,biggr,Biggl,Biggr,big,Big,bigg,Bigg,middle,displaystyle,textstyle,scriptstyle,"
            + "limits,nolimits,quad,qquad,enspace,thinspace,medspace,thickspace,negthinspace,"
            + "hfill,hline,newline,par,noindent,centering,nonumber,notag,mathstrut,strut,bigm,Bigm,mathop,mathbin,mathrel,"
            + "mathord,protect,ensuremath,normalsize,large,Large,boxed,fbox,therefore,because,"
            + "dollar,textdollar,pounds,euro"
    );

    /// <summary>Commands without mathematical meaning that have an argument.</summary>
    public static readonly FrozenSet<string> SilentWithArgument = Names(
        "color,hspace,vspace,phantom,hphantom,vphantom,label,tag,kern,mspace,cline,hskip"
    );

    /// <summary>Words that always stand for a sign.</summary>
    public static readonly FrozenDictionary<string, string> SpokenSigns = Pairs(
            "percent %,percents %,percentage %,pct %,degrees °,degree °,and ∧,or ∨,minus -,或 ∨,或者 ∨,和 ∧,与 ∧,及 ∧,且 ∧"
        )
        .ToFrozenDictionary(p => p.Key, p => p.Value);

    /// <summary>Words after a number that are a factor: 2.5 million.</summary>
    public static readonly FrozenDictionary<string, string> Powers = Pairs(
            "hundred 100,thousand 1000,million 1000000,billion 1000000000,trillion 1000000000000"
        )
        .ToFrozenDictionary(p => p.Key, p => p.Value);

    /// <summary>Numbers written as words.</summary>
    public static readonly FrozenDictionary<string, int> SpokenNumbers = (
        "zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,"
        + "eighteen,nineteen,twenty"
    )
        .Split(',')
        .Index()
        .ToFrozenDictionary(p => p.Item, p => p.Index);

    /// <summary>Fractions written as words, by numerator and denominator.</summary>
    public static readonly FrozenDictionary<string, (int Top, int Bottom)> SpokenFractions = new Dictionary<string, (int, int)>
    {
        ["half"] = (1, 2),
        ["one half"] = (1, 2),
        ["one third"] = (1, 3),
        ["two thirds"] = (2, 3),
        ["one quarter"] = (1, 4),
        ["one fourth"] = (1, 4),
        ["three quarters"] = (3, 4),
        ["three fourths"] = (3, 4),
    }.ToFrozenDictionary();

    /// <summary>Unicode signs with their LaTeX notation.</summary>
    private static readonly FrozenDictionary<char, string> Characters = string.Concat(
            "−-|–-|—-|‐-|‑-|×\\times |⋅\\cdot |·\\cdot |∗*|÷\\div |∕/|⁄/|√\\sqrt |π\\pi |∞\\infty |≤\\le |≥\\ge |⩽\\le "
                + "|⩾\\ge |≠\\ne |≈\\approx |≡\\equiv |∪\\cup |∩\\cap |∈\\in |",
            "∅\\emptyset |ℝ\\mathbb{R}|ℤ\\mathbb{Z}|ℕ\\mathbb{N}|ℚ\\mathbb{Q}|ℂ\\mathbb{C}|±\\pm |∓\\mp |°^\\circ |º^\\circ "
                + "|½\\frac{1}{2}|",
            "⅓\\frac{1}{3}|⅔\\frac{2}{3}|¼\\frac{1}{4}|¾\\frac{3}{4}|⅕\\frac{1}{5}|⅛\\frac{1}{8}|⅙\\frac{1}{6}|⅖\\frac{2}{5}|"
                + "⅗\\frac{3}{5}|⅘\\frac{4}{5}|⅚\\frac{5}{6}|⅜\\frac{3}{8}|⅝\\frac{5}{8}|⅞\\frac{7}{8}|∛\\sqrt[3]|。.|．.|＜<|＞>|"
                + "≦\\le |≧\\ge |｛\\{|｝\\}|∶:|…\\ldots |⟨\\langle |⟩\\rangle |〈\\langle |〉\\rangle |⌊\\lfloor |",
            "⌋\\rfloor |⌈\\lceil |⌉\\rceil |’'|′'|％%|，, |、, |；; |：:|（(|）)|［[|］]|＝=|＋+|－-|／/|\u00a0 |\u202f\\,|\u2009\\,"
                + "|\u2003 |\u3000 |\u2061 |\u2062*|→\\to |⇒\\to |↦\\mapsto |∖\\setminus |",
            "∠\\angle |∡\\measuredangle |△\\triangle |α\\alpha |β\\beta |γ\\gamma |δ\\delta |ε\\epsilon |θ\\theta |λ\\lambda |μ\\mu |µ\\mu "
                + "|ρ\\rho |σ\\sigma |τ\\tau |φ\\phi |ϕ\\phi |χ\\chi |",
            "ψ\\psi |ω\\omega |Γ\\Gamma |Δ\\Delta |Θ\\Theta |Λ\\Lambda |Σ\\Sigma |Φ\\Phi |Ψ\\Psi |Ω\\Omega |ℏ\\hbar "
                + "|€\\$|£\\$|¥\\$|\u200b|\ufeff"
        )
        .Split('|')
        .ToFrozenDictionary(p => p[0], p => p[1..]);

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ";

    /// <summary>Rewrites Unicode signs as LaTeX and full-width digits as ASCII.</summary>
    public static string Ascii(string text)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            return text;
        }

        StringBuilder result = new(text.Length + 16);
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (Superscripts.Contains(c))
            {
                int end = at;
                result.Append("^{");
                while (end < text.Length && Superscripts.IndexOf(text[end], StringComparison.Ordinal) is >= 0 and var place)
                {
                    result.Append("0123456789-+n"[place]);
                    end++;
                }

                result.Append('}');
                at = end - 1;
                continue;
            }

            if (c == '√' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
            {
                // √10 is the root of ten; \sqrt10 would be the root of one.
                int end = at + 1;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                {
                    end++;
                }

                result.Append("\\sqrt{").Append(text, at + 1, end - at - 1).Append('}');
                at = end - 1;
                continue;
            }

            if (Characters.TryGetValue(c, out string? written))
            {
                result.Append(written);
            }
            else if (c is >= '０' and <= '９')
            {
                result.Append((char)('0' + c - '０'));
            }
            else if (c is >= '₀' and <= '₉')
            {
                result.Append('_').Append((char)('0' + c - '₀'));
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string table) =>
        table.Split(',').Select(p => p.Split(' ')).Select(p => KeyValuePair.Create(p[0], p[1]));

    private static FrozenSet<string> Names(string list) => list.Split(',').ToFrozenSet();
}
