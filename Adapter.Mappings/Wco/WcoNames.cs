using System.Xml.Linq;

namespace Adapter.Mappings.Wco;

/// <summary>Namespaces of the profile DMS:2 of the WCO data model 3.6. Three stand in one message: envelope, message, data types.</summary>
public static class WcoNames
{
    public static readonly XNamespace Meta = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2";
    public static readonly XNamespace Dec = "urn:wco:datamodel:WCO:DEC-DMS:2";
    public static readonly XNamespace Res = "urn:wco:datamodel:WCO:RES-DMS:2";
    public static readonly XNamespace DecTypes = "urn:wco:datamodel:WCO:Declaration_DS:DMS:2";
    public static readonly XNamespace ResTypes = "urn:wco:datamodel:WCO:Response_DS:DMS:2";
}
