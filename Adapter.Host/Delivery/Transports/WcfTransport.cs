using System.Collections.Concurrent;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using System.Xml;
using Adapter.Contracts.Admin;
using Adapter.Host.Observability;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Sends through untyped WCF request channels over a handler of our own.</summary>
/// <remarks>One opened factory per profile and one channel per endpoint live as long as the transport: a factory per call costs ten times as much.</remarks>
internal sealed class WcfTransport(IOutboundAllowList allowList, ICrashPoint crash, TimeProvider time) : ISoapTransport, IDisposable
{
    private readonly ConcurrentDictionary<EndpointProfile, Lazy<IChannelFactory<IRequestChannel>>> _factories = new();
    private readonly ConcurrentDictionary<(EndpointProfile Profile, Uri Endpoint), Lazy<IRequestChannel>> _channels = new();

    /// <summary>Everything that makes a factory and its handler what they are.</summary>
    private sealed record EndpointProfile(string Scheme, SoapVersion Version, TimeSpan ConnectTimeout);

    /// <summary>Factories opened so far; one for many sends.</summary>
    internal int FactoryCount => _factories.Count;

    public async Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
    {
        var channel = ChannelOf(call);
        using var timeout = new CancellationTokenSource(call.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var exchange = new Exchange(stop.Token);
        var started = time.GetTimestamp();

        CaptureHandler.Current = exchange;
        using var message = Message.CreateMessage(VersionOf(call.Version), call.Action, new FrozenBody(call.Body));
        try
        {
            // The attempt's own timeout rules, through the exchange; WCF's would not tell whether the request had left.
            using var nothing = await Task.Factory.FromAsync(
                (callback, state) => channel.BeginRequest(message, TimeSpan.MaxValue, callback, state), channel.EndRequest, state: null);
        }
        catch (Exception exception) when (exception is CommunicationException or TimeoutException or OperationCanceledException or XmlException)
        {
            exchange.Failure ??= exception;
        }
        if (!exchange.RequestLeft && Evidence.Inner<XmlException>(exchange.Failure) is { } malformed)
        {
            throw new FormatException($"The frozen message for {call.Destination} is not one XML element: {malformed.Message} Map it again.", malformed);
        }
        return Evidence.Of(exchange, call, timedOut: timeout.IsCancellationRequested, stopped: cancellationToken.IsCancellationRequested, time.GetElapsedTime(started));
    }

    public void Dispose()
    {
        foreach (var factory in _factories.Values.Where(factory => factory.IsValueCreated))
        {
            factory.Value.Abort();   // closes its channels and connections; no attempt is under way any more
        }
    }

    private IRequestChannel ChannelOf(SoapCall call)
    {
        var profile = new EndpointProfile(call.Endpoint.Scheme, call.Version, call.ConnectTimeout);
        return _channels.GetOrAdd((profile, call.Endpoint), key => new Lazy<IRequestChannel>(() =>
        {
            var channel = _factories.GetOrAdd(key.Profile, made => new Lazy<IChannelFactory<IRequestChannel>>(() => OpenFactory(made)))
                .Value.CreateChannel(new EndpointAddress(key.Endpoint));
            channel.Open();
            return channel;
        })).Value;
    }

    private IChannelFactory<IRequestChannel> OpenFactory(EndpointProfile profile)
    {
        Func<HttpClientHandler, HttpMessageHandler> ours = _ =>
            new CaptureHandler(OutboundConnection.CreateHandler(allowList, profile.ConnectTimeout), crash, time);
        var http = profile.Scheme == Uri.UriSchemeHttps ? new HttpsTransportBindingElement() : new HttpTransportBindingElement();
        http.MaxReceivedMessageSize = http.MaxBufferSize = Exchange.ReplyCap;
        http.AllowCookies = false;
        http.UseDefaultWebProxy = false;
        var encoding = new TextMessageEncodingBindingElement(VersionOf(profile.Version), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var factory = new CustomBinding(encoding, http).BuildChannelFactory<IRequestChannel>(new BindingParameterCollection { ours });
        factory.Open();
        return factory;
    }

    private static MessageVersion VersionOf(SoapVersion version) => version == SoapVersion.Soap11
        ? MessageVersion.Soap11
        : MessageVersion.CreateVersion(EnvelopeVersion.Soap12, AddressingVersion.None);
}
