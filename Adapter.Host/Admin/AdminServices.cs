using Adapter.Host.Storage;
using Microsoft.AspNetCore.Authentication;

namespace Adapter.Host.Admin;

internal static class AdminServices
{
    /// <summary>May read everything.</summary>
    public const string Read = "read";

    /// <summary>May register and close journeys and act on lanes.</summary>
    public const string Operate = "operate";

    /// <summary>May manage principals and destinations.</summary>
    public const string Administer = "administer";

    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<IPrincipalStore, SqlitePrincipalStore>();
        services.AddSingleton<ActDesk>();
        services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Read, policy => policy.RequireRole(Roles.All))
            .AddPolicy(Operate, policy => policy.RequireRole(Roles.Operator, Roles.Administrator))
            .AddPolicy(Administer, policy => policy.RequireRole(Roles.Administrator));
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        services.AddOpenApi();
        return services;
    }

    public static Actor Actor(this HttpContext context) => new(context.User.Identity!.Name!);
}
