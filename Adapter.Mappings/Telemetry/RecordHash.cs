using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Adapter.Mappings.Telemetry;

/// <summary>64 bits of SHA-256 over source, route and the canonical record without the cloud's receive time.</summary>
/// <remarks>
/// The receive time is left out because a cloud that sends a record again stamps it anew. Hashes are taken after secrets are
/// replaced: a stored hash must not be a way back to a six-digit password, and the stored body must hash to the same value.
/// </remarks>
internal static class RecordHash
{
    // A zero byte that ends the source name, and the route.
    private const int RouteLength = 2;

    /// <returns>The hash of the whole content, and the hash of what the source never fills in later.</returns>
    public static (long Content, long Fixed) Of(WireRecord record, TelemetryRoute route, int recordLength)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(route.Source.Length) + RouteLength + recordLength);
        try
        {
            var prefix = Encoding.UTF8.GetBytes(route.Source, buffer);
            buffer[prefix++] = 0;
            buffer[prefix++] = (byte)route.Route;
            var content = Hash(buffer, prefix, record, static name => name is { IsContent: true } and not { Field: WireField.CloudTime });
            return (content, record.HasFilledInLater ? Hash(buffer, prefix, record, static name => name is { IsFilledInLater: false, IsContent: true } and not { Field: WireField.CloudTime }) : content);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long Hash(byte[] buffer, int prefix, WireRecord record, Func<NameMeaning, bool> counts)
    {
        var length = prefix + CanonicalJson.WriteObject(record.Members, counts, buffer.AsSpan(prefix));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, length), hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
