using System.Globalization;
using System.Xml;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Mapping.Rehearsing;

/// <summary>A message as a list of values with their places, for comparison.</summary>
internal static class XmlLeaves
{
    /// <returns>Value by place; a place numbers its steps (<c>Seal[2]/ID</c>), and comes with the path without numbers.</returns>
    public static Dictionary<string, (string Path, string Value)> Of(ReadOnlyMemory<byte> xml)
    {
        var leaves = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var open = new Stack<Level>();
        open.Push(new Level("", "", new Dictionary<string, int>(StringComparer.Ordinal)));
        using var reader = XmlInput.CreateReader(xml);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    var around = open.Peek();
                    around.HasElements = true;
                    var number = around.Counts[reader.LocalName] = around.Counts.GetValueOrDefault(reader.LocalName) + 1;
                    var level = new Level(
                        string.Create(CultureInfo.InvariantCulture, $"{around.Place}/{reader.LocalName}[{number}]"), $"{around.Path}/{reader.LocalName}", new Dictionary<string, int>(StringComparer.Ordinal));
                    var empty = reader.IsEmptyElement;
                    for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
                    {
                        if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
                        {
                            leaves[$"{level.Place}/@{reader.LocalName}"] = ($"{level.Path}/@{reader.LocalName}"[1..], reader.Value);
                        }
                    }

                    if (empty)
                    {
                        leaves[level.Place] = (level.Path[1..], "");
                    }
                    else
                    {
                        open.Push(level);
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    open.Peek().Text += reader.Value;
                    break;
                case XmlNodeType.EndElement:
                    var closed = open.Pop();
                    if (!closed.HasElements)
                    {
                        leaves[closed.Place] = (closed.Path[1..], closed.Text);
                    }

                    break;
            }
        }

        return leaves;
    }

    private sealed class Level(string place, string path, Dictionary<string, int> counts)
    {
        public string Place { get; } = place;

        public string Path { get; } = path;

        public Dictionary<string, int> Counts { get; } = counts;

        public string Text { get; set; } = "";

        public bool HasElements { get; set; }
    }
}
