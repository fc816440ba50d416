using System.Text.Json;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>Reads what the twins have received, also while they run.</summary>
internal static class TwinLog
{
    public static string PathOf(string directory, string twin) => Path.Combine(directory, twin + ".jsonl");

    /// <summary>The records of all twins by time; those of one twin stay in the order in which it took them.</summary>
    public static IReadOnlyList<TwinRecord> Read(string directory)
    {
        var queues = TwinName.All.Select(twin => new Queue<TwinRecord>(Read(directory, twin))).ToList();
        var merged = new List<TwinRecord>(queues.Sum(q => q.Count));
        while (queues.Where(q => q.Count > 0).MinBy(q => q.Peek().At) is { } earliest)
        {
            merged.Add(earliest.Dequeue());
        }

        return merged;
    }

    /// <summary>The records of one twin in the order in which it took them; none when it has no log.</summary>
    public static IReadOnlyList<TwinRecord> Read(string directory, string twin)
    {
        var path = PathOf(directory, twin);
        if (!File.Exists(path))
        {
            return [];
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return ReadWhole(stream).Records;
    }

    /// <summary>Reads the whole lines. A torn last line was never answered, so it counts as not received.</summary>
    /// <returns>The records, and how many bytes of the file they fill.</returns>
    /// <exception cref="InvalidDataException">A line before the last cannot be read.</exception>
    internal static (IReadOnlyList<TwinRecord> Records, long WholeBytes) ReadWhole(FileStream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var left = copy.GetBuffer().AsSpan(0, (int)copy.Length);
        var records = new List<TwinRecord>();
        long whole = 0;
        while (left.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var rest = left[(end + 1)..];
            try
            {
                records.Add(JsonSerializer.Deserialize<TwinRecord>(left[..end], TwinRecord.Json) ?? throw new JsonException());
            }
            catch (JsonException) when (rest.IsEmpty)
            {
                break;
            }
            catch (JsonException broken)
            {
                throw new InvalidDataException($"Line {records.Count + 1} of {stream.Name} is not a record. Move the file away to start with an empty log.", broken);
            }

            whole += end + 1;
            left = rest;
        }

        return (records, whole);
    }
}
