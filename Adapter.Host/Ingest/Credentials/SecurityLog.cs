using System.Net;

namespace Adapter.Host.Ingest.Credentials;

/// <summary>Writes down who was turned away, and never with what. A flood fills neither log nor disk: so many lines a minute, then their number.</summary>
internal sealed partial class SecurityLog(TimeProvider time, ILogger<SecurityLog> logger)
{
    private const int LinesAMinute = 30;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private int _lines;
    private long _leftOut;

    public void Unauthenticated(IPAddress? peer, string path) => Write(() => LogUnauthenticated(peer, path));

    public void OffTheList(IPAddress? peer, string sources) => Write(() => LogOffTheList(peer, sources));

    public void IdReused(string source, string id, IPAddress? peer) => Write(() => LogIdReused(source, id, peer));

    /// <summary>A message that was refused before anybody knew who sent it.</summary>
    public void Unreadable(IPAddress? peer, string path, string code) => Write(() => LogUnreadable(peer, path, code));

    public void AmbiguousLength(IPAddress? peer) => Write(() => LogAmbiguousLength(peer));

    private void Write(Action write)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) > Minute)
            {
                if (_leftOut > 0)
                {
                    LogLeftOut(_leftOut);
                }

                (_since, _lines, _leftOut) = (time.GetTimestamp(), 0, 0);
            }

            if (_lines == LinesAMinute)
            {
                _leftOut++;
                return;
            }

            _lines++;
        }

        write();
    }

    [LoggerMessage(1010, LogLevel.Warning, "A request from {Peer} to {Path} had no valid credentials and was refused.")]
    private partial void LogUnauthenticated(IPAddress? peer, string path);

    [LoggerMessage(1011, LogLevel.Warning, "A request from {Peer} for {Source} was refused: the address is not on the source's list. If it is the source's own, add it to Ingest:Sources:{Source}:Addresses.")]
    private partial void LogOffTheList(IPAddress? peer, string source);

    [LoggerMessage(1012, LogLevel.Warning, "{Source} used the id {Id} for two different bodies, the second from {Peer}, validly signed. The second was refused. Ask who holds the signing key.")]
    private partial void LogIdReused(string source, string id, IPAddress? peer);

    [LoggerMessage(1013, LogLevel.Warning, "A request from {Peer} gave its length in two ways and was refused. It is a mark of request smuggling; look at the proxy in front.")]
    private partial void LogAmbiguousLength(IPAddress? peer);

    [LoggerMessage(1015, LogLevel.Warning, "A message from {Peer} to {Path} was refused before its sender was known: {Code}.")]
    private partial void LogUnreadable(IPAddress? peer, string path, string code);

    [LoggerMessage(1014, LogLevel.Warning, "{Count} more requests were refused in the last minutes without a line of their own; see customstransit.intake.refused.")]
    private partial void LogLeftOut(long count);
}
