using System.Text;
using Adapter.Host.Storage;

namespace Adapter.Host.Tests.Settings;

public class SecretReferenceTests
{
    [Fact]
    public void A_secret_is_read_from_the_environment()
    {
        var name = $"CT_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "0123456789abcdef");

        Encoding.UTF8.GetString(SecretReference.Resolve($"env:{name}")).ShouldBe("0123456789abcdef");
    }

    [Fact]
    public void A_secret_that_could_be_guessed_is_refused_without_being_shown()
    {
        var name = $"CT_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "hunter2hunter2x");

        var message = Message($"env:{name}");

        message.ShouldContain("shorter than 16 characters");
        message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Message("env:NO_SUCH_VARIABLE_HERE").ShouldContain("the environment variable NO_SUCH_VARIABLE_HERE is not set");
        Message("file:/no/such/file/here").ShouldContain("'file:/no/such/file/here' cannot be read: there is no such file");
    }

    [Theory]
    [InlineData("correct-horse-battery-staple")]
    [InlineData("env:")]
    [InlineData("vault:correct-horse-battery-staple")]
    public void A_plain_value_in_the_settings_is_refused_and_never_repeated(string reference)
    {
        var message = Message(reference);

        message.ShouldContain("given by reference, as env:NAME or file:/path");
        message.ShouldNotContain("correct-horse");
    }

    private static string Message(string reference) => Should.Throw<InvalidOperationException>(() => SecretReference.Resolve(reference)).Message;
}
