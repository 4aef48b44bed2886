using System.Text;

namespace SchemaStream.Protocol.Tests;

public sealed class TextCacheTests
{
    private readonly TextCache _texts = new();

    [Theory]
    [InlineData("orders")]
    [InlineData("a")]
    public void Get_OfATextThatCameBefore_IsTheSameString(string text) =>
        Get(text).ShouldBeSameAs(Get(text));

    [Fact]
    public void Get_OfMoreTextsThanItHolds_GivesEachItsOwn()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 1000; i++)
            {
                Get($"topic-{i}").ShouldBe($"topic-{i}");
            }
        }
    }

    [Fact]
    public void Get_OfOtherThanAscii_IsWhatWasSent()
    {
        // Latin-1's é as one byte is not UTF-8, and must not be taken for the é that was.
        Get("é").ShouldBe("é");
        _texts.Get([0xe9]).ShouldBe("\ufffd");
        Get("漢字").ShouldBe("漢字");
    }

    [Fact]
    public void Get_OfAVeryLongText_DoesNotKeepIt()
    {
        var text = new string('x', 10_000);

        Get(text).ShouldNotBeSameAs(Get(text));
    }

    private string Get(string text) => _texts.Get(Encoding.UTF8.GetBytes(text));
}
