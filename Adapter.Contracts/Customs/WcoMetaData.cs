using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>A <c>MetaData</c> of the profile DMS:2 with a Declaration or a Response. Neighbours have schemas of their own for it.</summary>
[XmlRoot("MetaData", Namespace = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2")]
public sealed class WcoMetaData : RawBody;
