using System.Globalization;
using System.Xml;
using System.Xml.Schema;

namespace Adapter.Mappings.Engine;

/// <summary>Whether what an expression gives can stand where the schema has a type, as far as that is known before any event is seen.</summary>
internal static class TypeFit
{
    /// <summary>What is wrong; empty where nothing is known to be.</summary>
    public static IEnumerable<Misfit> Check(CompiledExpression expression, XmlSchemaType? type)
    {
        if (type?.Datatype is null)
        {
            yield break;
        }

        foreach (var outcome in expression.Outcomes)
        {
            if (Refusal(type, outcome.Text) is not { } refusal)
            {
                continue;
            }

            yield return outcome.Function is { } function
                ? new Misfit("mapping.wrong-format", $"{function} gives {outcome.Text}, which the schema does not allow here: {refusal}", outcome, FormatFor(type))
                : new Misfit("mapping.value-not-allowed", $"The schema does not allow '{outcome.Text}' here: {refusal}", outcome, Allowed(type));
        }

        if (expression.Shape.Kind == ShapeKind.Boolean && expression.Outcomes.Count == 0 && Refusal(type, "true") is { } noTruth)
        {
            yield return new Misfit("mapping.wrong-type", $"This is true or false, which the schema does not allow here: {noTruth}", null, $"Write if(…, 'one', 'other'). {Allowed(type)}".TrimEnd());
        }

        if (expression.Shape.Kind == ShapeKind.Number && type.TypeCode is XmlTypeCode.Boolean or XmlTypeCode.DateTime or XmlTypeCode.Date or XmlTypeCode.Time && expression.Shape.Kind == ShapeKind.Number)
        {
            yield return new Misfit("mapping.wrong-type", $"This is a number, and the schema wants {type.TypeCode.ToString().ToLowerInvariant()} here.", null, FormatFor(type));
        }
    }

    /// <summary>The time functions whose results the type takes.</summary>
    public static string? FormatFor(XmlSchemaType? type)
    {
        var fitting = Functions.All.Values.Where(f => f.Sample is not null && (type is null || Refusal(type, f.Sample) is null)).Select(f => f.Signature).Order(StringComparer.Ordinal).ToList();
        return fitting.Count switch
        {
            0 => null,
            1 => $"Use {fitting[0]}.",
            _ => $"Use one of {string.Join(", ", fitting)}.",
        };
    }

    private static string? Refusal(XmlSchemaType type, string text)
    {
        if (type.Datatype is not { } datatype)
        {
            return null;
        }

        try
        {
            datatype.ParseValue(text, new NameTable(), null);
            return null;
        }
        catch (XmlSchemaException e)
        {
            // The framework says which value and which type first; both stand in our message already.
            var reason = e.Message.IndexOf("' - ", StringComparison.Ordinal);
            return reason < 0 ? e.Message : e.Message[(reason + 4)..];
        }
    }

    /// <summary>Enumeration, pattern and lengths, for the author.</summary>
    private static string? Allowed(XmlSchemaType? type)
    {
        var facets = Facets(type).ToList();
        var values = facets.OfType<XmlSchemaEnumerationFacet>().Select(f => f.Value!).ToList();
        if (values.Count > 0)
        {
            return $"Allowed: {string.Join(", ", values.Take(30))}{(values.Count > 30 ? string.Create(CultureInfo.InvariantCulture, $" and {values.Count - 30} more") : "")}.";
        }

        var rules = facets.Select(f => f switch
        {
            XmlSchemaMaxLengthFacet => $"at most {f.Value} characters",
            XmlSchemaMinLengthFacet => $"at least {f.Value} characters",
            XmlSchemaLengthFacet => $"{f.Value} characters",
            XmlSchemaPatternFacet => $"the pattern {f.Value}",
            XmlSchemaFractionDigitsFacet => $"at most {f.Value} decimal places",
            XmlSchemaTotalDigitsFacet => $"at most {f.Value} digits",
            XmlSchemaMinInclusiveFacet => $"not below {f.Value}",
            XmlSchemaMaxInclusiveFacet => $"not above {f.Value}",
            _ => null,
        }).OfType<string>().ToList();
        return rules.Count == 0 ? null : $"Allowed: {string.Join(", ", rules)}.";
    }

    private static IEnumerable<XmlSchemaFacet> Facets(XmlSchemaType? type)
    {
        for (var at = type; at is not null; at = at.BaseXmlSchemaType)
        {
            var facets = at switch
            {
                XmlSchemaSimpleType { Content: XmlSchemaSimpleTypeRestriction restriction } => restriction.Facets,
                XmlSchemaComplexType { ContentModel.Content: XmlSchemaSimpleContentRestriction restriction } => restriction.Facets,
                _ => null,
            };
            foreach (var facet in facets?.OfType<XmlSchemaFacet>() ?? [])
            {
                yield return facet;
            }
        }
    }
}

/// <param name="At">The outcome that does not fit; null where it is the expression as a whole.</param>
internal sealed record Misfit(string Code, string Message, Outcome? At, string? Suggestion);
