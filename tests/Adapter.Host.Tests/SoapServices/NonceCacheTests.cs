using Adapter.Host.SoapServices;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Host.Tests.SoapServices;

public class NonceCacheTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly NonceCache _nonces;

    public NonceCacheTests() => _nonces = new NonceCache(_time);

    [Fact]
    public void A_nonce_is_good_once_for_each_caller_while_its_time_lasts()
    {
        Use("a", 1).ShouldBeTrue();
        Use("a", 1).ShouldBeFalse();
        Use("b", 1).ShouldBeTrue();
        Use("a", 2).ShouldBeTrue();

        _time.Advance(Window);
        Use("a", 1).ShouldBeFalse("its time ends now and not before");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Use("a", 1).ShouldBeTrue("whoever sends it now is refused for its time");
    }

    /// <summary>Forgetting one to make room would let it be replayed.</summary>
    [Fact]
    public void When_no_more_can_be_remembered_a_new_one_is_refused_and_no_old_one_forgotten()
    {
        for (var i = 0; i < NonceCache.Most; i++)
        {
            Use("a", i).ShouldBeTrue();
        }

        Use("b", 0).ShouldBeFalse();
        Use("a", 0).ShouldBeFalse();
        _time.Advance(Window + TimeSpan.FromMilliseconds(1));
        Use("b", 0).ShouldBeTrue();
    }

    private bool Use(string caller, int nonce) => _nonces.TryUse(caller, BitConverter.GetBytes(nonce), _time.GetUtcNow() + Window);
}
