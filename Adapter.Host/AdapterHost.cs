using Adapter.Host.Admin;
using Adapter.Host.Admin.Api;
using Adapter.Host.Admin.Report;
using Adapter.Host.Ingest.Webhook;
using Adapter.Host.Observability;
using Adapter.Host.SoapServices;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Adapter.Host;

/// <summary>Puts the host together: the parts in flow order, then the doors.</summary>
internal static class AdapterHost
{
    /// <param name="configure">Adds settings over files, environment and command line; used by demo and tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        Doors(builder);
        configure?.Invoke(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services
            .AddObservability(builder.Configuration).AddStorage(builder.Configuration)
            .AddIngest().AddJournal().AddJourneys().AddVerification().AddMapping().AddProcessing().AddDelivery()
            .AddAdmin();
        builder.Services.AddNeighbours();
        builder.Services.AddHostedService<StateGauges>();
        builder.Services.AddSoapServices();
        // Longer than the time in which attempts under way may end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));

        var app = builder.Build();
        app.UseOneLengthOnly();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        // Named here, so that what ends at its route, as the intake does, still has the answers for errors around it.
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapJointechIntake();
        app.MapTraccarIntake();
        app.MapServiceDescriptions();
        app.MapSoapServices();
        app.MapJourneys();
        app.MapLocks();
        app.MapReports();
        app.MapMovements();
        app.MapJournal();
        app.MapLanes();
        app.MapAbandonments();
        app.MapDestinations();
        app.MapGaps();
        app.MapMappings();
        app.MapNeighbours();
        app.MapPrincipals();
        app.MapOpenApi("/api/openapi.json").RequireAuthorization(AdminServices.Read);
        app.MapOperations();
        return app;
    }

    /// <summary>Where the host listens, and what holds at every door of it.</summary>
    internal static void Doors(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The intake sets its own limit; no other body is large.
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            // Any certificate passes here, at every HTTPS endpoint, and passing opens nothing: the handshake proves that the peer holds its key. Only CallerCheck, of the SOAP
            // services, looks at it, and knows callers by fingerprints in the settings; intake and admin API take keys alone. Authorities of this machine have no say.
            // Whoever reads Connection.ClientCertificate elsewhere has to judge it there.
            kestrel.ConfigureHttpsDefaults(https => https.ClientCertificateValidation = (_, _, _) => true);
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        // Loopback unless told otherwise.
        if (builder.Configuration["urls"] is null && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls("http://127.0.0.1:5080");
        }
    }

    /// <summary>Says all that is wrong with the settings at once, before anything opens a file or a port.</summary>
    /// <remarks>The framework would do it at start, but services that need a setting are made before that and fail on the first error.</remarks>
    /// <exception cref="OptionsValidationException">Names every error of every section.</exception>
    public static void CheckSettings(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException several)
        {
            throw new OptionsValidationException(
                "settings", typeof(AdapterHost), several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(invalid => invalid.Failures));
        }
    }
}
