using Adapter.CrashHost;
using Adapter.Host.Cli;
using Adapter.Host.Journeys;
using Adapter.Host.Observability;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

// The host as it is, with two settings more: at which point it dies (Crash:Point, at the Crash:After-th time), and a lock whose
// reports it cannot read (Crash:Unreadable), because no report that intake accepts is parked otherwise.
return await Commands.RunAsync(args, builder =>
{
    if (builder.Configuration["Crash:Point"] is { } point)
    {
        builder.Services.AddSingleton<ICrashPoint>(new Killer(point, builder.Configuration.GetValue("Crash:After", 1)));
    }

    if (builder.Configuration["Crash:Unreadable"] is { } number)
    {
        builder.Services.AddSingleton<ReportDecoder>();
        builder.Services.AddSingleton<IReportDecoder>(services => new DecoderWithGap(services.GetRequiredService<ReportDecoder>(), number));
    }
});
