using SchemaStream.Broker.Configuration;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Configuration;

public sealed class BrokerConfigFileTests
{
    [Theory]
    [InlineData("num.partitions=3", "num.partitions", "3")]
    [InlineData("num.partitions : 3", "num.partitions", "3")]
    [InlineData("  num.partitions 3  ", "num.partitions", "3")]
    [InlineData("listeners=PLAINTEXT://:9092,CONTROLLER://:9093", "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093")]
    [InlineData("log.dirs=C:\\\\data\\\\kafka", "log.dirs", "C:\\data\\kafka")]
    [InlineData("broker.rack=caf\\u00e9", "broker.rack", "café")]
    [InlineData("a\\ key=value", "a key", "value")]
    [InlineData("a\\=b=c", "a=b", "c")]
    [InlineData("empty=", "empty", "")]
    [InlineData("alone", "alone", "")]
    [InlineData("listeners=PLAINTEXT://:9092,\\\n    CONTROLLER://:9093", "listeners", "PLAINTEXT://:9092,CONTROLLER://:9093")]
    [InlineData("ends.with.a.backslash=x\\\\", "ends.with.a.backslash", "x\\")]
    public void Parse_ReadsWhatJavaReads(string text, string key, string value)
    {
        var settings = BrokerConfigFile.Parse("broker.properties", text).Settings;
        settings.ShouldHaveSingleItem().ShouldBe(new(key, value));
    }

    [Fact]
    public void Parse_PassesOverCommentsAndTakesTheLastOfAKey()
    {
        var file = BrokerConfigFile.Parse("broker.properties", "# one\r\n! two\r\n\r\nnode.id=1\r\n   # three \\\r\nnode.id=2\r\n");
        file.Settings.ShouldHaveSingleItem().ShouldBe(new("node.id", "2"));
        file.Where("node.id").ShouldEndWith("broker.properties:6");
        file.Where("broker.rack").ShouldEndWith("broker.properties");
    }

    [Theory]
    [InlineData("node.id=1\n=2", ":2: expected KEY=VALUE")]
    [InlineData("broker.rack=\\u00g0", ":1: expected four hexadecimal digits")]
    public void Parse_OfALineThatIsNone_NamesFileAndLine(string text, string words) =>
        Should.Throw<BrokerStartException>(() => BrokerConfigFile.Parse("broker.properties", text)).Message.ShouldContain("broker.properties" + words);

    [Fact]
    public void Set_ChangesItsLineAndLeavesTheOthers()
    {
        var file = BrokerConfigFile.Parse(
            "broker.properties", "# mine\nlisteners=PLAINTEXT://:1,\\\n  CONTROLLER://:2\n\nnode.id = 1\nlisteners=PLAINTEXT://:3\n");
        file.Set("listeners", "PLAINTEXT://:9092");
        file.Set("node.id", "1");
        file.Set("log.dirs", "C:\\data dir");
        using var directory = new TempDirectory();
        var path = Path.Combine(directory.Path, "new", "broker.properties");
        var copy = BrokerConfigFile.New(path);
        foreach (var (key, value) in file.Settings)
        {
            copy.Set(key, value);
        }

        copy.Save();
        BrokerConfigFile.Load(path).Settings.OrderBy(pair => pair.Key).ShouldBe(
            [new("listeners", "PLAINTEXT://:9092"), new("log.dirs", "C:\\data dir"), new("node.id", "1")]);
        file.Text.ShouldBe("# mine\nlisteners=PLAINTEXT://:9092\n\nnode.id = 1\nlog.dirs=C:\\\\data dir\n");
    }

    [Fact]
    public void Load_OfAFileThatIsNotThere_SaysSo() =>
        Should.Throw<BrokerStartException>(() => BrokerConfigFile.Load("no-such.properties")).Message.ShouldContain("no-such.properties");
}
