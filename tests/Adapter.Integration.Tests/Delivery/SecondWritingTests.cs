using System.Net;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Observability;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Whatever lies below may want to write a request once more; it gets no second copy, and the attempt says so.</summary>
public sealed class SecondWritingTests
{
    [Fact]
    public async Task A_body_that_has_left_is_not_given_out_a_second_time()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var below = new WritingTwice();
        using var handler = new CaptureHandler(below, CrashPoints.None, TimeProvider.System);
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/soap") { Content = new ByteArrayContent("<m/>"u8.ToArray()) };
        var exchange = CaptureHandler.Current = new Exchange(cancel);

        using var nothing = await client.SendAsync(request, cancel);

        below.Written.ToArray().ShouldBe("<m/>"u8.ToArray());
        exchange.RequestLeft.ShouldBeTrue();
        exchange.Failure.ShouldNotBeNull().Message.ShouldContain("not written a second time");
    }

    private sealed class WritingTwice : HttpMessageHandler
    {
        public MemoryStream Written { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Written, cancellationToken);
            await request.Content.CopyToAsync(Written, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
