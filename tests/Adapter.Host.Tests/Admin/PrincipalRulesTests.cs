using Adapter.Host.Admin;

namespace Adapter.Host.Tests.Admin;

public class PrincipalRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("anna.kariuki@customs.example")]
    [InlineData("night-shift_2")]
    public void A_name_that_reads_well_in_the_audit_trail_is_taken(string name) => PrincipalRules.Check(name, ["operator"]).ShouldBeEmpty();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("ünal")]
    public void Another_name_is_refused(string? name) => PrincipalRules.Check(name, ["operator"]).Keys.ShouldBe(["name"]);

    [Fact]
    public void A_name_of_65_characters_is_too_long()
    {
        PrincipalRules.Check(new string('a', 64), ["operator"]).ShouldBeEmpty();
        PrincipalRules.Check(new string('a', 65), ["operator"]).Keys.ShouldBe(["name"]);
    }

    [Fact]
    public void Roles_are_those_that_exist_and_at_least_one()
    {
        PrincipalRules.Check("anna", Roles.All).ShouldBeEmpty();
        PrincipalRules.Check("anna", []).Keys.ShouldBe(["roles"]);
        PrincipalRules.Check("anna", null).Keys.ShouldBe(["roles"]);
        PrincipalRules.Check("anna", ["operator", "root"]).Keys.ShouldBe(["roles"]);
        PrincipalRules.Check("anna", ["Operator"]).Keys.ShouldBe(["roles"]);
        PrincipalRules.Check("anna", ["operator", null!]).Keys.ShouldBe(["roles"]);
    }

    [Fact]
    public void The_role_of_a_source_stands_alone()
    {
        PrincipalRules.Check("cloud", [Roles.Source]).ShouldBeEmpty();
        PrincipalRules.Check("cloud", [Roles.Source, Roles.Viewer]).Keys.ShouldBe(["roles"]);
        PrincipalRules.Check("cloud", [Roles.Source, Roles.Source]).Keys.ShouldBe(["roles"]);
        Roles.All.ShouldNotContain(Roles.Source);
    }

    [Fact]
    public void Both_errors_are_told_together() => PrincipalRules.Check("", []).Keys.ShouldBe(["name", "roles"]);
}
