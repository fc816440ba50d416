using System.ComponentModel.DataAnnotations;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.SoapServices;

/// <summary>Who may call which SOAP service and how. Bound from <c>SoapServices</c>. A service that is not named here admits nobody.</summary>
internal sealed class SoapServicesOptions
{
    /// <summary>By the service's name, such as <c>transit-registration</c>.</summary>
    public Dictionary<string, SoapServiceOptions> Services { get; set; } = new(StringComparer.Ordinal);

    /// <summary>How far a caller's clock may be off. Default five minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan ClockWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Largest message, in bytes. Default 2 MiB.</summary>
    [Range(16 * 1024, 16 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 2 * 1024 * 1024;
}

internal sealed class SoapServiceOptions
{
    /// <summary>Ways of proving who calls. Default all: <c>Text</c> and <c>Digest</c> (UsernameToken), <c>Basic</c>, <c>Certificate</c>.</summary>
    public IList<CallerProof> Accepts { get; } = [];

    /// <summary>By the name of the principal, which must have the role <c>caller</c>.</summary>
    public Dictionary<string, SoapCallerOptions> Callers { get; set; } = new(StringComparer.Ordinal);

    public bool Takes(CallerProof proof) => Accepts.Count == 0 || Accepts.Contains(proof);
}

internal sealed class SoapCallerOptions
{
    /// <summary>Reference to a password that both sides hold, <c>env:NAME</c> or <c>file:/path</c>; a digest needs it. Without it the password is the principal's key.</summary>
    public string? Password { get; set; }

    /// <summary>SHA-256 fingerprints, in hex, of client certificates that stand for the caller; two while one is renewed.</summary>
    public IList<string> Certificates { get; } = [];

    /// <summary>Names of operations; <c>*</c> for all.</summary>
    public IList<string> Operations { get; } = [];

    public bool May(string operation) => Operations.Contains("*", StringComparer.Ordinal) || Operations.Contains(operation, StringComparer.Ordinal);
}

internal enum CallerProof
{
    Text,
    Digest,
    Basic,
    Certificate,
}

/// <summary>Says at start which password cannot be read and which fingerprint is none.</summary>
internal sealed class SoapServicesOptionsValidator : IValidateOptions<SoapServicesOptions>
{
    private const int FingerprintDigits = 64;

    public ValidateOptionsResult Validate(string? name, SoapServicesOptions options)
    {
        var errors = new List<string>();
        if (options.ClockWindow < TimeSpan.FromSeconds(10) || options.ClockWindow > TimeSpan.FromHours(1))
        {
            errors.Add("SoapServices:ClockWindow must be between 10 seconds and one hour.");
        }

        if (options.MaxMessageBytes is < 16 * 1024 or > 16 * 1024 * 1024)
        {
            errors.Add("SoapServices:MaxMessageBytes must be between 16 KiB and 16 MiB.");
        }

        foreach (var (service, settings) in options.Services)
        {
            foreach (var (caller, its) in settings.Callers)
            {
                var where = $"SoapServices:Services:{service}:Callers:{caller}";
                if (its.Operations.Count == 0)
                {
                    errors.Add($"{where}:Operations is empty, so {caller} may call nothing. Name operations, or *.");
                }

                if (its.Certificates.FirstOrDefault(print => print.Length != FingerprintDigits || !print.All(char.IsAsciiHexDigit)) is { } wrong)
                {
                    errors.Add($"{where}:Certificates: '{wrong}' is not a SHA-256 fingerprint of {FingerprintDigits} hex digits.");
                }

                if (its.Password is { } reference)
                {
                    try
                    {
                        SecretReference.Resolve(reference);
                    }
                    catch (InvalidOperationException unreadable)
                    {
                        errors.Add($"{where}:Password: {unreadable.Message}");
                    }
                }
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
