namespace SchemaStream.Registry.Core.Tests;

public sealed class SubjectTests
{
    [Theory]
    [InlineData("orders-value", ".", "orders-value", "orders-value")]
    [InlineData(":.dev:orders-value", ".dev", "orders-value", ":.dev:orders-value")]
    [InlineData(":.:orders-value", ".", "orders-value", "orders-value")]
    [InlineData(":.dev:", ".dev", "", ":.dev:")]
    [InlineData(":.dev", ".dev", "", ":.dev:")]
    [InlineData(":odd", ".", ":odd", ":odd")]
    [InlineData("", ".", "", "")]
    public void Parse_QualifiedOrNot_FindsContextAndName(string text, string context, string name, string written)
    {
        var subject = Subject.Parse(text);

        subject.Context.ShouldBe(context);
        subject.Name.ShouldBe(name);
        subject.ToString().ShouldBe(written);
        Subject.Parse(written).ShouldBe(subject);
    }

    [Fact]
    public void ParseWithin_UnqualifiedName_BelongsToTheGivenContext()
    {
        Subject.ParseWithin(".dev", "orders").ToString().ShouldBe(":.dev:orders");
        Subject.ParseWithin(".dev", ":.prod:orders").ToString().ShouldBe(":.prod:orders");
    }
}
