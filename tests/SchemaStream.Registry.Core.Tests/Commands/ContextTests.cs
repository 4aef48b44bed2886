using System.Text;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Core.Tests.Commands;

public sealed class ContextTests
{
    private readonly TestMachine _machine = new();

    [Fact]
    public void Register_FirstInAContext_WritesTheContextBeforeTheSchema()
    {
        _machine.Register(":.dev:s", Schemas.OrderPlaced);
        _machine.Register(":.dev:s", Schemas.OrderPlacedWithNote);
        _machine.Register("s", Schemas.OrderPlaced);

        var contexts = _machine.Log.Where(record => Text(record.Key).Contains("CONTEXT")).ShouldHaveSingleItem();
        Text(contexts.Key).ShouldBe("""{"keytype":"CONTEXT","tenant":"default","context":".dev","magic":0}""");
        Text(contexts.Value!).ShouldBe("""{"tenant":"default","context":".dev"}""");
        _machine.Log[0].ShouldBe(contexts);
        Listing.Contexts(_machine.Image, "").ShouldBe([".", ".dev"]);
    }

    [Fact]
    public void Delete_AContextThatHoldsSoftDeletedSubjects_IsRefused()
    {
        _machine.Register(":.dev:s", Schemas.OrderPlaced);
        _machine.Submit(new DeleteSubject(Subject.Parse(":.dev:s"), Deletion.Soft)).ShouldBeOk();

        _machine.Submit(new DeleteContext(".dev")).ShouldBeRefused().Code.ShouldBe(ErrorCodes.ContextNotEmpty);

        _machine.Submit(new DeleteSubject(Subject.Parse(":.dev:s"), Deletion.Permanent)).ShouldBeOk();
        _machine.Submit(new DeleteContext(".dev")).ShouldBeOk();
        Listing.Contexts(_machine.Image, "").ShouldBe(["."]);
        Listing.Contexts(_machine.Restarted(), "").ShouldBe(["."]);
    }

    [Fact]
    public void Delete_ThenRegisterAgain_CountsIdsOn()
    {
        _machine.Register(":.dev:s", Schemas.OrderPlaced);
        _machine.Submit(new DeleteSubject(Subject.Parse(":.dev:s"), Deletion.Soft)).ShouldBeOk();
        _machine.Submit(new DeleteSubject(Subject.Parse(":.dev:s"), Deletion.Permanent)).ShouldBeOk();
        _machine.Submit(new DeleteContext(".dev")).ShouldBeOk();

        _machine.Register(":.dev:s", Schemas.OrderPlaced).Schema.Id.ShouldBe(2);

        Listing.Contexts(_machine.Restarted(), "").ShouldBe([".", ".dev"]);
    }

    [Theory]
    [InlineData(":.dev:", ".dev")]
    [InlineData(".dev", ".dev")]
    [InlineData("dev", ".dev")]
    [InlineData(":dev:", ".dev")]
    [InlineData(":.:", ".")]
    [InlineData(".", ".")]
    [InlineData("", ".")]
    public void Name_MayLackColonsAndDot(string text, string name) => ContextName.Parse(text).ShouldBeOk().ShouldBe(name);

    [Fact]
    public void Name_WithAColonInside_IsRefused() => ContextName.Parse(":.a:b:").ShouldBeRefused().Code.ShouldBe(400);

    [Fact]
    public void Find_AnUnqualifiedName_TriesEveryContext()
    {
        _machine.Register(":.b:s", Schemas.OrderPlaced);
        _machine.Register(":.a:other", Schemas.OrderPlaced);

        ContextSearch.ByVersion(_machine.Image, Subject.Parse("s"), VersionSelector.Latest, Visibility.Live)
            .ShouldBeOk().Subject.ShouldBe(Subject.Parse(":.b:s"));
        ContextSearch.ByContent(
                _machine.Image, _machine.Rules, Subject.Parse("s"), new SchemaRequest { Text = Schemas.OrderPlaced }, Visibility.Live)
            .ShouldBeOk().Subject.ShouldBe(Subject.Parse(":.b:s"));
        ContextSearch.ByVersion(_machine.Image, Subject.Parse(":.a:s"), VersionSelector.Latest, Visibility.Live)
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.SubjectNotFound);
        ContextSearch.ByVersion(_machine.Image, Subject.Parse("none"), VersionSelector.Latest, Visibility.Live)
            .ShouldBeRefused().Code.ShouldBe(ErrorCodes.SubjectNotFound);
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
