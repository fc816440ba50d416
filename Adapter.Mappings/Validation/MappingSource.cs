using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using System.Xml.Linq;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Engine;

namespace Adapter.Mappings.Validation;

/// <summary>What documents read, as examples, previews and records write it: an event as JSON, a received message as XML with who sent it around it.</summary>
public static class MappingSource
{
    private const string Root = "Received";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Reads what a document takes. No name of an event may be misspelt.</summary>
    /// <param name="problem">What is wrong with it, with line and column where it has them.</param>
    public static bool TryRead(CompiledMapping mapping, string text, [NotNullWhen(true)] out object? source, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            source = mapping.ReadsMessages ? Message(Encoding.UTF8.GetBytes(text)) : Event(text);
            problem = null;
            return true;
        }
        catch (JsonException e)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {e.Message}");
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            problem = e.Message;
        }

        source = null;
        return false;
    }

    /// <summary>A received message as it is kept: its own bytes, with what else a document reads around them.</summary>
    /// <param name="metaData">The element MetaData in UTF-8, without a declaration before it.</param>
    public static byte[] Write(NeighbourInfo neighbour, string? movement, DateTimeOffset receivedAt, ReadOnlySpan<byte> metaData)
    {
        var known = movement is null ? "" : $" movement=\"{SecurityElement.Escape(movement)}\"";
        var start = string.Create(
            CultureInfo.InvariantCulture,
            $"<{Root} neighbour=\"{SecurityElement.Escape(neighbour.Name)}\" country=\"{SecurityElement.Escape(neighbour.Country)}\"{known} at=\"{receivedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}\">");
        return [.. Encoding.UTF8.GetBytes(start), .. metaData, .. Encoding.UTF8.GetBytes($"</{Root}>")];
    }

    /// <summary>Reads what <see cref="Write"/> wrote, or a person in the same form.</summary>
    /// <exception cref="XmlException">Not well-formed, or outside the bounds.</exception>
    /// <exception cref="FormatException">Not of that form; the message says what is.</exception>
    public static ReceivedMessage Message(ReadOnlyMemory<byte> xml)
    {
        using var reader = XmlInput.CreateReader(xml, XmlInput.DefaultLimit + 4096);
        var root = XDocument.Load(reader).Root!;
        if (root.Name != Root || root.Elements().ToList() is not [var message]
            || root.Attribute("neighbour")?.Value is not { } name || root.Attribute("country")?.Value is not { } country
            || !DateTimeOffset.TryParse(root.Attribute("at")?.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            throw new FormatException($"Expected the message in an element <{Root} neighbour=\"name\" country=\"KE\" movement=\"ours, if known\" at=\"2026-03-02T06:15:30Z\">.");
        }

        // On its own, as it is when it comes in.
        return new ReceivedMessage(new NeighbourInfo(name, country), root.Attribute("movement")?.Value, at, new XElement(message));
    }

    private static OutgoingEvent Event(string json) => JsonSerializer.Deserialize<OutgoingEvent>(json, Strict) switch
    {
        null => throw new FormatException("It is null."),
        { Message: not null, Event: not null } source => source,
        _ => throw new FormatException("It needs \"message\" and \"event\"."),
    };
}
