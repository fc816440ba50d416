using System.Collections.Concurrent;
using System.ServiceModel;
using System.ServiceModel.Channels;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Sends through untyped WCF request channels over a handler of our own.</summary>
/// <remarks>One opened factory per profile and one channel per endpoint live as long as the transport: a factory per call costs ten times as much.</remarks>
internal sealed class WcfTransport(OutboundHandlers handlers, OutboundSecrets secrets, TimeProvider time) : ISoapTransport, IDisposable
{
    private readonly ConcurrentDictionary<EndpointProfile, Lazy<IChannelFactory<IRequestChannel>>> _factories = new();
    private readonly ConcurrentDictionary<(EndpointProfile Profile, Uri Endpoint), Lazy<IRequestChannel>> _channels = new();

    /// <summary>Everything that makes a factory and its handler what they are.</summary>
    private sealed record EndpointProfile(string Scheme, SoapVersion Version, OutboundHandlers.ConnectionProfile Connection);

    /// <summary>Factories opened so far; one for many sends.</summary>
    internal int FactoryCount => _factories.Count;

    public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken) =>
        WireAttempt.RunAsync(call, secrets, time, (wire, exchange) => SendAsync(call, wire, exchange), cancellationToken);

    public void Dispose()
    {
        foreach (var factory in _factories.Values.Where(factory => factory.IsValueCreated))
        {
            factory.Value.Abort();   // closes its channels; no attempt is under way any more
        }
    }

    private async Task SendAsync(SoapCall call, CallSecrets wire, Exchange exchange)
    {
        var channel = ChannelOf(call);
        using var message = Message.CreateMessage(VersionOf(call.Version), call.Action, new FrozenBody(call.Body));
        foreach (var (header, mustUnderstand) in EnvelopeHeaders.Of(call, wire.Password, time.GetUtcNow()))
        {
            message.Headers.Add(new WrittenHeader(header, mustUnderstand));
        }

        CaptureHandler.Current = exchange;
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
    }

    private IRequestChannel ChannelOf(SoapCall call)
    {
        var profile = new EndpointProfile(call.Endpoint.Scheme, call.Version, handlers.ProfileOf(call.To));
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
        var handler = handlers.For(profile.Connection);
        Func<HttpClientHandler, HttpMessageHandler> ours = _ => new Shared(handler);
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

    /// <summary>A factory that closes must not close the pool that others use.</summary>
    private sealed class Shared(HttpMessageHandler pool) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _pool = new(pool, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _pool.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _pool.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class WrittenHeader(XElement header, bool mustUnderstand) : MessageHeader
    {
        public override string Name => header.Name.LocalName;

        public override string Namespace => header.Name.NamespaceName;

        public override bool MustUnderstand => mustUnderstand;

        protected override void OnWriteStartHeader(XmlDictionaryWriter writer, MessageVersion messageVersion)
        {
            writer.WriteStartElement(header.GetPrefixOfNamespace(header.Name.Namespace), Name, Namespace);
            WriteHeaderAttributes(writer, messageVersion);
        }

        protected override void OnWriteHeaderContents(XmlDictionaryWriter writer, MessageVersion messageVersion)
        {
            foreach (var node in header.Nodes())
            {
                node.WriteTo(writer);
            }
        }
    }
}
