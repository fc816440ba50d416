using System.Globalization;
using System.Text;

namespace Adapter.Mappings.Engine;

/// <summary>Reads the expression language: literals, paths, calls, <c>and or not = != &lt; &lt;= &gt; &gt;= in</c>. Nothing in it repeats or recurses.</summary>
internal sealed class ExpressionParser
{
    private const int MaxLength = 2000;
    private const int MaxNesting = 32;

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _next;
    private int _nesting;

    private ExpressionParser(string text)
    {
        _text = text;
        _tokens = Tokens();
    }

    private Token Current => _tokens[_next];

    /// <exception cref="ExpressionException">The text is not an expression.</exception>
    public static Expr Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ExpressionException("mapping.syntax", $"An expression has at most {MaxLength} characters; this one has {text.Length}.", 0);
        }

        var parser = new ExpressionParser(text);
        var expr = parser.Or();
        return parser.Current.Kind == Kind.End ? expr : throw parser.Unexpected("the end");
    }

    private Expr Or()
    {
        // Every way down passes here, so that this bounds the recursion.
        if (++_nesting > MaxNesting)
        {
            throw new ExpressionException("mapping.syntax", $"Parentheses and calls are nested deeper than {MaxNesting} levels.", Current.Offset);
        }

        var left = And();
        while (Take("or") is { } at)
        {
            left = new Expr.Logic(false, left, And(), at.Offset);
        }

        _nesting--;
        return left;
    }

    private Expr And()
    {
        var left = Not();
        while (Take("and") is { } at)
        {
            left = new Expr.Logic(true, left, Not(), at.Offset);
        }

        return left;
    }

    private Expr Not()
    {
        if (Take("not") is not { } at)
        {
            return Comparison();
        }

        return Current is { Kind: Kind.Word, Text: "not" }
            ? throw new ExpressionException("mapping.syntax", "'not not' says nothing.", Current.Offset)
            : new Expr.Not(Comparison(), at.Offset);
    }

    private Expr Comparison()
    {
        var left = Operand();
        if (Current is { Kind: Kind.Symbol, Text: "=" or "!=" or "<" or "<=" or ">" or ">=" } op)
        {
            _next++;
            return new Expr.Compare(op.Text, left, Operand(), op.Offset);
        }

        if (Take("in") is { } at)
        {
            Expect("[");
            return new Expr.In(left, Arguments("]"), at.Offset);
        }

        return left;
    }

    private Expr Operand()
    {
        var expr = Primary();
        while (Take(".") is not null)
        {
            var name = Current.Kind == Kind.Word ? Current : throw Unexpected("a name");
            _next++;
            expr = new Expr.Member(expr, name.Text, name.Offset);
        }

        return expr;
    }

    private Expr Primary()
    {
        var token = Current;
        switch (token)
        {
            case { Kind: Kind.String }:
                _next++;
                return new Expr.Literal(token.Text, token.Offset);
            case { Kind: Kind.Number }:
                _next++;
                return decimal.TryParse(token.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                    ? new Expr.Literal(number, token.Offset)
                    : throw new ExpressionException("mapping.syntax", $"{token.Text} is not a number.", token.Offset);
            case { Kind: Kind.Word, Text: "true" or "false" }:
                _next++;
                return new Expr.Literal(token.Text == "true", token.Offset);
            case { Kind: Kind.Word, Text: not ("and" or "or" or "not" or "in") }:
                _next++;
                return Take("(") is null ? new Expr.Name(token.Text, token.Offset) : new Expr.Call(token.Text, Arguments(")"), token.Offset);
            case { Kind: Kind.Symbol, Text: "(" }:
                _next++;
                var inner = Or();
                Expect(")");
                return inner;
            default:
                throw Unexpected("a value");
        }
    }

    private List<Expr> Arguments(string close)
    {
        var arguments = new List<Expr>();
        if (Take(close) is not null)
        {
            return arguments;
        }

        do
        {
            arguments.Add(Or());
        }
        while (Take(",") is not null);

        Expect(close);
        return arguments;
    }

    private Token? Take(string text)
    {
        if (Current.Kind is Kind.Word or Kind.Symbol && Current.Text == text)
        {
            return _tokens[_next++];
        }

        return null;
    }

    private void Expect(string text)
    {
        if (Take(text) is null)
        {
            throw Unexpected($"'{text}'");
        }
    }

    private ExpressionException Unexpected(string expected) =>
        new("mapping.syntax", Current.Kind == Kind.End ? $"Expected {expected}, but the expression ends." : $"Expected {expected}, found '{Current.Text}'.", Current.Offset);

    private List<Token> Tokens()
    {
        var tokens = new List<Token>();
        var i = 0;
        while (i < _text.Length)
        {
            var (c, start) = (_text[i], i);
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c == '\'')
            {
                tokens.Add(String(ref i));
            }
            else if (char.IsAsciiDigit(c) || (c == '-' && i + 1 < _text.Length && char.IsAsciiDigit(_text[i + 1])))
            {
                i++;
                // A dot belongs to the number only with a digit behind it.
                while (i < _text.Length && (char.IsAsciiDigit(_text[i]) || (_text[i] == '.' && i + 1 < _text.Length && char.IsAsciiDigit(_text[i + 1]))))
                {
                    i++;
                }

                tokens.Add(new Token(Kind.Number, _text[start..i], start));
            }
            else if (char.IsAsciiLetter(c))
            {
                while (i < _text.Length && (char.IsAsciiLetterOrDigit(_text[i]) || _text[i] == '_'))
                {
                    i++;
                }

                tokens.Add(new Token(Kind.Word, _text[start..i], start));
            }
            else if (Symbol(i) is { } symbol)
            {
                tokens.Add(new Token(Kind.Symbol, symbol, start));
                i += symbol.Length;
            }
            else
            {
                throw new ExpressionException("mapping.syntax", $"'{c}' has no meaning here.", i, c == '"' ? "Texts stand between single quotes." : null);
            }
        }

        tokens.Add(new Token(Kind.End, "", _text.Length));
        return tokens;
    }

    private string? Symbol(int i) => (_text[i], i + 1 < _text.Length ? _text[i + 1] : '\0') switch
    {
        ('!', '=') => "!=",
        ('<', '=') => "<=",
        ('>', '=') => ">=",
        ('=' or '<' or '>' or '(' or ')' or '[' or ']' or ',' or '.', _) => _text[i].ToString(),
        _ => null,
    };

    /// <summary>A text in single quotes; a quote inside is written twice.</summary>
    private Token String(ref int i)
    {
        var start = i++;
        var value = new StringBuilder();
        while (i < _text.Length)
        {
            if (_text[i] != '\'')
            {
                value.Append(_text[i++]);
            }
            else if (i + 1 < _text.Length && _text[i + 1] == '\'')
            {
                value.Append('\'');
                i += 2;
            }
            else
            {
                i++;
                return new Token(Kind.String, value.ToString(), start);
            }
        }

        throw new ExpressionException("mapping.syntax", "The text has no closing quote.", start);
    }

    private enum Kind
    {
        End,
        Word,
        String,
        Number,
        Symbol,
    }

    private sealed record Token(Kind Kind, string Text, int Offset);
}
