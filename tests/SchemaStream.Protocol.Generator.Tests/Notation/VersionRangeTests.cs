using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Tests.Notation;

public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("3", "3")]
    [InlineData("3-3", "3")]
    [InlineData("3-7", "3-7")]
    [InlineData("3+", "3+")]
    public void TryParse_WhenTextIsARange_ReadsIt(string text, string shown)
    {
        VersionRange.TryParse(text, out var range).ShouldBeTrue();
        range.ToString().ShouldBe(shown);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("-3")]
    [InlineData("7-3")]
    [InlineData("v3")]
    [InlineData("3-")]
    [InlineData("99999")]
    public void TryParse_WhenTextIsNone_Refuses(string text) =>
        VersionRange.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Hull_OfNothing_IsTheOther() =>
        VersionRange.None.Hull(new VersionRange(2, 4)).ShouldBe(new VersionRange(2, 4));
}
