using System.Globalization;
using System.Xml;
using System.Xml.Schema;

namespace Adapter.Mappings.Validation;

/// <summary>Passes everything through and refuses elements nested deeper than allowed, which XmlReaderSettings cannot.</summary>
internal sealed class DepthLimitedReader(XmlReader inner, int maxDepth) : XmlReader, IXmlLineInfo
{
    private readonly IXmlLineInfo? _line = inner as IXmlLineInfo;

    public override int AttributeCount => inner.AttributeCount;
    public override string BaseURI => inner.BaseURI;
    public override int Depth => inner.Depth;
    public override bool EOF => inner.EOF;
    public override bool HasValue => inner.HasValue;
    public override bool IsDefault => inner.IsDefault;
    public override bool IsEmptyElement => inner.IsEmptyElement;
    public override string LocalName => inner.LocalName;
    public override string NamespaceURI => inner.NamespaceURI;
    public override XmlNameTable NameTable => inner.NameTable;
    public override XmlNodeType NodeType => inner.NodeType;
    public override string Prefix => inner.Prefix;
    public override char QuoteChar => inner.QuoteChar;
    public override ReadState ReadState => inner.ReadState;
    public override IXmlSchemaInfo? SchemaInfo => inner.SchemaInfo;
    public override XmlReaderSettings? Settings => inner.Settings;
    public override string Value => inner.Value;
    public override Type ValueType => inner.ValueType;
    public override string XmlLang => inner.XmlLang;
    public override XmlSpace XmlSpace => inner.XmlSpace;

    public int LineNumber => _line?.LineNumber ?? 0;
    public int LinePosition => _line?.LinePosition ?? 0;

    public bool HasLineInfo() => _line?.HasLineInfo() ?? false;

    public override bool Read()
    {
        var more = inner.Read();
        Check();
        return more;
    }

    public override string GetAttribute(int i) => inner.GetAttribute(i);
    public override string? GetAttribute(string name) => inner.GetAttribute(name);
    public override string? GetAttribute(string name, string? namespaceURI) => inner.GetAttribute(name, namespaceURI);
    public override string? LookupNamespace(string prefix) => inner.LookupNamespace(prefix);
    public override bool MoveToAttribute(string name) => inner.MoveToAttribute(name);
    public override bool MoveToAttribute(string name, string? ns) => inner.MoveToAttribute(name, ns);
    public override bool MoveToElement() => inner.MoveToElement();
    public override bool MoveToFirstAttribute() => inner.MoveToFirstAttribute();
    public override bool MoveToNextAttribute() => inner.MoveToNextAttribute();
    public override bool ReadAttributeValue() => inner.ReadAttributeValue();
    public override void ResolveEntity() => inner.ResolveEntity();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check()
    {
        // Depth counts from 0 at the root element.
        if (inner.NodeType == XmlNodeType.Element && inner.Depth >= maxDepth)
        {
            throw new XmlException(
                string.Create(CultureInfo.InvariantCulture, $"Elements are nested deeper than {maxDepth} levels."), null, LineNumber, LinePosition);
        }
    }
}
