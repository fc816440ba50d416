using Adapter.Host.Admin;

namespace Adapter.Host.Tests.Admin;

public class ApiKeyTests
{
    [Fact]
    public void A_new_key_reads_back_and_matches_its_own_hash_alone()
    {
        var (key, other) = (ApiKey.Make(), ApiKey.Make());
        var parsed = ApiKey.Parse(key.Text).ShouldNotBeNull();

        parsed.Prefix.ShouldBe(key.Prefix);
        parsed.Matches(key.Sha256).ShouldBeTrue();
        parsed.Matches(other.Sha256).ShouldBeFalse();
        parsed.Matches("").ShouldBeFalse();
        key.Text.ShouldNotBe(other.Text);
    }

    [Fact]
    public void Another_secret_behind_the_same_prefix_does_not_match()
    {
        var key = ApiKey.Make();
        var forged = ApiKey.Parse($"ct_{key.Prefix}_{new string('0', 64)}").ShouldNotBeNull();

        forged.Prefix.ShouldBe(key.Prefix);
        forged.Matches(key.Sha256).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("ct__")]
    [InlineData("ct_0123456789ab_short")]
    [InlineData("xx_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("ct_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef_")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void What_does_not_have_the_form_of_a_key_is_none(string text) => ApiKey.Parse(text).ShouldBeNull();

    [Fact]
    public void The_secret_has_256_bits() => ApiKey.Make().Text.Split('_')[2].Length.ShouldBe(64);
}
