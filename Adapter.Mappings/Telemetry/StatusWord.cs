using System.Globalization;
using System.Text.Json;

namespace Adapter.Mappings.Telemetry;

/// <summary>The 16 bits that mix a lock's states and alarms. What each means is data: a code space whose codes are the bits.</summary>
internal readonly record struct StatusWord(ushort Bits)
{
    private const int Length = 16;

    /// <returns>The word; null for a value that is none, such as another protocol's status.</returns>
    public static StatusWord? Of(JsonElement value) =>
        WireValue.Number(value) is >= 0 and <= ushort.MaxValue and var number && double.IsInteger(number) ? new StatusWord((ushort)number) : null;

    /// <summary>The word that a record of this dialect holds, with the space of its bits.</summary>
    public static (StatusWord Word, string Space)? In(WireRecord record, Dialect dialect)
    {
        for (var i = 0; i < dialect.Tells.Length; i++)
        {
            var tell = dialect.Tells[i];
            if (tell.As != TellForm.Bits || !Dialect.IsFrom(tell.OnlyFrom, record))
            {
                continue;
            }

            foreach (var (_, value) in record.Told(i))
            {
                if (Of(value) is { } word)
                {
                    return (word, tell.Space);
                }
            }
        }

        return null;
    }

    public IEnumerable<string> RaisedBits()
    {
        for (var bit = 0; bit < Length; bit++)
        {
            if (IsRaised(bit))
            {
                yield return Code(bit);
            }
        }
    }

    /// <returns>Whether the bit that says this is raised; null where no bit does.</returns>
    public bool? Says(StateSign sign, string space, TelemetryTables tables)
    {
        for (var bit = 0; bit < Length; bit++)
        {
            if (tables.Find(space, Code(bit))?.Says == sign)
            {
                return IsRaised(bit);
            }
        }

        return null;
    }

    private static string Code(int bit) => bit.ToString(CultureInfo.InvariantCulture);

    private bool IsRaised(int bit) => (Bits >> bit & 1) == 1;
}
