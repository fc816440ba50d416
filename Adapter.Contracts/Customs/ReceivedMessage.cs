using System.Xml.Linq;

namespace Adapter.Contracts.Customs;

/// <summary>What a mapping document reads of a message that a neighbour sent.</summary>
/// <param name="Movement">Our own reference of the movement that it is about; null where we know none by its MRN.</param>
/// <param name="Message">The message as it came: the element MetaData.</param>
public sealed record ReceivedMessage(NeighbourInfo Neighbour, string? Movement, DateTimeOffset ReceivedAt, XElement Message);

/// <summary>Who sent a message, as our settings name it.</summary>
/// <param name="Country">ISO 3166 alpha-2.</param>
public sealed record NeighbourInfo(string Name, string Country);
