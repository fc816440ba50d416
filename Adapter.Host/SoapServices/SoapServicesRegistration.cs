using Adapter.Contracts.Customs;
using Microsoft.Extensions.Options;

namespace Adapter.Host.SoapServices;

internal static class SoapServicesRegistration
{
    public static IServiceCollection AddSoapServices(this IServiceCollection services)
    {
        services.AddOptions<SoapServicesOptions>().BindConfiguration("SoapServices", binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SoapServicesOptions>, SoapServicesOptionsValidator>();
        services.AddSingleton<NonceCache>();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<IdleCalls>();
        services.AddSingleton<ISoapCallStore, SqlSoapCallStore>();
        services.AddSingleton<SoapEndpoint>();
        services.AddScoped<SoapCall>();
        services.AddScoped<ITransitRegistrationService, TransitRegistrationService>();
        services.AddScoped<IWcoExchangeService, WcoExchangeService>();
        services.AddScoped<INotificationsService, NotificationsService>();
        return services;
    }

    public static void MapSoapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapSoapService<ITransitRegistrationService>(TransitRegistrationService.Name, TransitRegistrationService.Definition);
        routes.MapSoapService<IWcoExchangeService>(WcoExchangeService.Name, WcoExchangeService.Definition);
        routes.MapSoapService<INotificationsService>(NotificationsService.Name, NotificationsService.Definition);
        routes.MapSoapSchemas();
    }
}
