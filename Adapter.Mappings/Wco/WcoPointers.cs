using System.Xml.Linq;

namespace Adapter.Mappings.Wco;

/// <summary>Turns a place in a message into the chain of WCO ids that a response points with.</summary>
public static class WcoPointers
{
    private static readonly Dictionary<string, string> Sections = new(StringComparer.Ordinal)
    {
        ["Declaration"] = "42A",
        ["Response"] = "07B",
        ["GoodsShipment"] = "67A",
        ["Consignment"] = "28A",
        ["TransportEquipment"] = "31B",
        ["Seal"] = "44B",
        ["AdditionalInformation"] = "03A",
        ["Pointer"] = "97A",
        ["Agent"] = "05A",
        ["Amendment"] = "06A",
        ["BorderTransportMeans"] = "15A",
        ["Carrier"] = "18A",
        ["Itinerary"] = "81A",
        ["ExitOffice"] = "56A",
        ["ArrivalTransportMeans"] = "10A",
        ["DepartureTransportMeans"] = "46A",
        ["GoodsLocation"] = "64A",
        ["LoadingLocation"] = "83A",
        ["Destination"] = "99B",
        ["PreviousDocument"] = "99A",
        ["UCR"] = "35B",
        ["PresentationOffice"] = "15C",
        ["SupervisingOffice"] = "97B",
        ["AdditionalDocument"] = "02A",
        ["Submitter"] = "17B",
        ["Error"] = "53A",
        ["Status"] = "12B",
    };

    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["Declaration/FunctionCode"] = "017",
        ["Declaration/FunctionalReferenceID"] = "D026",
        ["Declaration/ID"] = "D014",
        ["Declaration/IssueDateTime"] = "D011",
        ["Declaration/IssueLocationID"] = "D012",
        ["Declaration/TypeCode"] = "D013",
        ["Declaration/DeclarationOfficeID"] = "065",
        ["Declaration/AcceptanceDateTime"] = "023",
        ["Response/FunctionCode"] = "017",
        ["Response/FunctionalReferenceID"] = "D026",
        ["Response/IssueDateTime"] = "D029",
        ["GoodsShipment/ExitDateTime"] = "024",
        ["TransportEquipment/ID"] = "159",
        ["TransportEquipment/SequenceNumeric"] = "006",
        ["Seal/ID"] = "165",
        ["Seal/SequenceNumeric"] = "006",
        ["AdditionalInformation/StatementCode"] = "226",
        ["AdditionalInformation/StatementDescription"] = "225",
        ["AdditionalInformation/StatementTypeCode"] = "369",
        ["Pointer/SequenceNumeric"] = "006",
        ["Pointer/DocumentSectionCode"] = "375",
        ["Pointer/TagID"] = "381",
        ["ArrivalTransportMeans/ID"] = "T002",
        ["DepartureTransportMeans/ID"] = "T004",
        ["BorderTransportMeans/ID"] = "T006",
        ["PresentationOffice/ID"] = "G015",
        ["SupervisingOffice/ID"] = "G012",
        ["ExitOffice/ID"] = "G005",
        ["Carrier/ID"] = "R012",
        ["Carrier/Name"] = "R011",
        ["Error/Description"] = "488",
        ["Error/ValidationCode"] = "377",
        ["Status/NameCode"] = "380",
    };

    /// <summary>Classes that repeat: their pointers say which one is meant.</summary>
    private static readonly HashSet<string> Repeating = new(StringComparer.Ordinal)
    {
        "TransportEquipment", "Seal", "AdditionalInformation", "Pointer", "AdditionalDocument", "PreviousDocument", "Amendment", "Itinerary", "Error", "Status",
    };

    /// <summary>The chain to an element or attribute of a message. What has no WCO id ends the chain at its nearest class.</summary>
    public static IReadOnlyList<WcoPointer> To(XElement place)
    {
        var chain = new List<WcoPointer>();
        string? parent = null;
        foreach (var step in place.AncestorsAndSelf().Reverse().SkipWhile(step => step.Name.LocalName is not ("Declaration" or "Response")))
        {
            var name = step.Name.LocalName;
            if (parent is not null && Tags.TryGetValue(parent + "/" + name, out var tag))
            {
                chain[^1] = chain[^1] with { Tag = tag };
                break;
            }

            if (!Sections.TryGetValue(name, out var section))
            {
                break;
            }

            chain.Add(new WcoPointer(section, Repeating.Contains(name) ? step.ElementsBeforeSelf(step.Name).Count() + 1 : null, Tag: null));
            parent = name;
        }

        return chain;
    }

    /// <summary>The chain to a child of a class that is not there.</summary>
    public static IReadOnlyList<WcoPointer> ToMissing(XElement parent, string child)
    {
        var chain = To(parent);
        return chain is [.., { Tag: null } last] && Tags.TryGetValue(parent.Name.LocalName + "/" + child, out var tag) ? [.. chain.SkipLast(1), last with { Tag = tag }] : chain;
    }
}
