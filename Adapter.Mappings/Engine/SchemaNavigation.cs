using System.Xml;
using System.Xml.Schema;

namespace Adapter.Mappings.Engine;

/// <summary>An element as the schema allows it below its parent.</summary>
/// <param name="Order">Place among the parent's elements: rows are written in this order whatever order they are listed in.</param>
/// <param name="Required">False also for the branches of a choice.</param>
/// <param name="Most">How often it may stand there.</param>
/// <param name="Branches">The choices around it, outermost first; a choice that repeats is none.</param>
internal sealed record SchemaChild(XmlSchemaElement Element, int Order, bool Required, decimal Most, IReadOnlyList<ChoiceBranch> Branches)
{
    public bool Repeatable => Most > 1;
}

/// <summary>One branch of a choice of which a message has one.</summary>
/// <param name="ChoiceRequired">True where one of the branches must be there.</param>
/// <param name="RequiredInside">True where the element must be there as soon as anything of its branch is.</param>
internal sealed record ChoiceBranch(int Choice, int Branch, bool ChoiceRequired, bool RequiredInside);

/// <summary>Reads off a compiled schema what may stand where.</summary>
internal sealed class SchemaNavigation(XmlSchemaSet schemas)
{
    private readonly Dictionary<XmlSchemaElement, IReadOnlyList<SchemaChild>> _children = [];
    private ILookup<XmlQualifiedName, XmlSchemaElement>? _substitutes;

    /// <summary>The elements allowed in an element, in schema order; those behind a wildcard are the global elements it admits, and a substitution group gives all its members.</summary>
    public IReadOnlyList<SchemaChild> Children(XmlSchemaElement parent)
    {
        if (!_children.TryGetValue(parent, out var known))
        {
            var collecting = new Collecting(this);
            if (parent.ElementSchemaType is XmlSchemaComplexType type)
            {
                collecting.Add(type.ContentTypeParticle, required: true, most: 1, []);
            }

            _children.Add(parent, known = collecting.Children);
        }

        return known;
    }

    public static IReadOnlyList<XmlSchemaAttribute> Attributes(XmlSchemaElement element) =>
        element.ElementSchemaType is XmlSchemaComplexType type ? [.. type.AttributeUses.Values.Cast<XmlSchemaAttribute>().Where(a => a.Use != XmlSchemaUse.Prohibited)] : [];

    /// <summary>Whether the element holds a value, as opposed to elements.</summary>
    public static bool HoldsValue(XmlSchemaElement element) =>
        element.ElementSchemaType is XmlSchemaSimpleType or XmlSchemaComplexType { ContentType: XmlSchemaContentType.TextOnly or XmlSchemaContentType.Mixed };

    private sealed class Collecting(SchemaNavigation schema)
    {
        private int _order;
        private int _choices;

        public List<SchemaChild> Children { get; } = [];

        public void Add(XmlSchemaParticle particle, bool required, decimal most, IReadOnlyList<ChoiceBranch> branches)
        {
            required &= particle.MinOccurs > 0;
            most = particle.MaxOccurs is decimal.MaxValue || most is decimal.MaxValue ? decimal.MaxValue : most * particle.MaxOccurs;
            switch (particle)
            {
                case XmlSchemaElement element:
                    foreach (var declared in schema.StandingFor(element))
                    {
                        Children.Add(new SchemaChild(declared, _order, required && schema.StandingFor(element).Count == 1, most, branches));
                    }

                    _order++;
                    break;
                case XmlSchemaAny any:
                    var admitted = schema.Globals().Where(e => Admits(any, e.QualifiedName)).OrderBy(e => e.QualifiedName.Name, StringComparer.Ordinal).ToList();
                    var needed = required && any.ProcessContents is not (XmlSchemaContentProcessing.Lax or XmlSchemaContentProcessing.Skip);
                    // One element of several is a choice between them.
                    var one = most == 1 && admitted.Count > 1 ? _choices++ : (int?)null;
                    for (var i = 0; i < admitted.Count; i++)
                    {
                        IReadOnlyList<ChoiceBranch> own = one is { } number ? [.. branches, new ChoiceBranch(number, i, needed, RequiredInside: false)] : branches;
                        Children.Add(new SchemaChild(admitted[i], _order++, needed && admitted.Count == 1, most, own));
                    }

                    break;
                case XmlSchemaChoice choice when most == 1:
                    var id = _choices++;
                    var must = required && choice.Items.Cast<XmlSchemaParticle>().All(i => i.MinOccurs > 0);
                    for (var i = 0; i < choice.Items.Count; i++)
                    {
                        var branch = (XmlSchemaParticle)choice.Items[i];
                        AddBranch(branch, new ChoiceBranch(id, i, must, branch.MinOccurs > 0), branches);
                    }

                    break;
                case XmlSchemaGroupBase group:
                    foreach (var item in group.Items.Cast<XmlSchemaParticle>())
                    {
                        Add(item, required && group is not XmlSchemaChoice, most, Inside(branches, item));
                    }

                    break;
            }
        }

        private void AddBranch(XmlSchemaParticle particle, ChoiceBranch branch, IReadOnlyList<ChoiceBranch> around) =>
            Add(particle, required: false, most: 1, [.. around, branch]);

        /// <summary>What is optional within its branch is not required by it.</summary>
        private static IReadOnlyList<ChoiceBranch> Inside(IReadOnlyList<ChoiceBranch> branches, XmlSchemaParticle item) =>
            branches.Count == 0 || item.MinOccurs > 0 ? branches : [.. branches.SkipLast(1), branches[^1] with { RequiredInside = false }];
    }

    private IEnumerable<XmlSchemaElement> Globals() => schemas.GlobalElements.Values.Cast<XmlSchemaElement>();

    /// <summary>A reference stands for the global element, which has the type, and for the members of its substitution group; an abstract element for these alone.</summary>
    private List<XmlSchemaElement> StandingFor(XmlSchemaElement element)
    {
        if (element.RefName.IsEmpty)
        {
            return [element];
        }

        _substitutes ??= Globals().Where(e => !e.SubstitutionGroup.IsEmpty).ToLookup(e => e.SubstitutionGroup);
        var all = new List<XmlSchemaElement>();
        var heads = new Queue<XmlSchemaElement>([(XmlSchemaElement)schemas.GlobalElements[element.RefName]!]);
        while (heads.TryDequeue(out var head))
        {
            if (!head.IsAbstract)
            {
                all.Add(head);
            }

            foreach (var member in _substitutes[head.QualifiedName])
            {
                heads.Enqueue(member);
            }
        }

        return all;
    }

    private static bool Admits(XmlSchemaAny any, XmlQualifiedName name)
    {
        var own = TargetOf(any);
        return any.Namespace switch
        {
            null or "##any" => true,
            "##other" => name.Namespace != own && name.Namespace.Length > 0,
            var listed => listed.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Any(n => name.Namespace == n switch { "##targetNamespace" => own, "##local" => "", _ => n }),
        };
    }

    private static string TargetOf(XmlSchemaObject of)
    {
        for (var at = of; at is not null; at = at.Parent)
        {
            if (at is XmlSchema schema)
            {
                return schema.TargetNamespace ?? "";
            }
        }

        return "";
    }
}
