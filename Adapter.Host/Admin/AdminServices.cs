using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Adapter.Host.Admin;

internal static class AdminServices
{
    /// <summary>May read everything.</summary>
    public const string Read = "read";

    /// <summary>May register and close journeys and act on lanes.</summary>
    public const string Operate = "operate";

    /// <summary>May write mapping documents, rehearse and submit them, and bring schemas.</summary>
    public const string EditMappings = "mappings.edit";

    /// <summary>May approve what others wrote, publish it and roll it back.</summary>
    public const string ApproveMappings = "mappings.approve";

    /// <summary>May manage principals and destinations.</summary>
    public const string Administer = "administer";

    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<IPrincipalStore, SqlPrincipalStore>();
        services.AddSingleton<Report.ReportAssembly>();
        services.AddSingleton<ISourceKeys, PrincipalSourceKeys>();
        services.AddSingleton<IServiceCallers, PrincipalServiceCallers>();
        // The core alone: keys are the only scheme, so no cookies and no key ring on this machine's disk.
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = ApiKeyAuthentication.SchemeName;
            authentication.AddScheme<ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, displayName: null);
        });
        services.AddOptions<AuthenticationSchemeOptions>(ApiKeyAuthentication.SchemeName);
        services.AddWebEncoders();
        services.AddTransient<ApiKeyAuthentication>();
        services.AddAuthorizationBuilder()
            .AddPolicy(Read, policy => policy.RequireRole(Roles.All))
            .AddPolicy(Operate, policy => policy.RequireRole(Roles.Operator, Roles.Administrator))
            .AddPolicy(EditMappings, policy => policy.RequireRole(Roles.Mapper, Roles.Administrator))
            .AddPolicy(ApproveMappings, policy => policy.RequireRole(Roles.Approver, Roles.Administrator))
            .AddPolicy(Administer, policy => policy.RequireRole(Roles.Administrator));
        services.AddProblemDetails();
        services.AddExceptionHandler<BadRequests>();
        services.AddExceptionHandler<StoreAway>();
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        services.AddOpenApi(document => document.AddDocumentTransformer((api, _, _) =>
        {
            api.Info.Title = "CustomsTransit admin API";
            return Task.CompletedTask;
        }));
        return services;
    }

    public static Actor Actor(this HttpContext context) => new(context.User.Identity!.Name!);
}
