using System.Text;
using SchemaStream.Cli.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

/// <summary>What a command line did.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a command line as it is printed in a tutorial, <c>&lt;server_name&gt;</c> filled in.</summary>
    /// <param name="broker">The broker that it is run against.</param>
    /// <param name="line">The line; words are separated by blanks.</param>
    /// <param name="input">What the tool is given to read.</param>
    public static Task<ToolRun> OfAsync(TestBroker broker, string line, string input = "") => OfAsync(broker.Host.BootstrapServers, line, input);

    /// <summary>As the other, against whatever listens at an address.</summary>
    public static async Task<ToolRun> OfAsync(string servers, string line, string input = "")
    {
        var words = line.Replace("<server_name>", servers, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tool = KafkaTools.Find(words[0]).ShouldNotBeNull($"there is no tool {words[0]}");
        using var output = new MemoryStream();
        await using var errors = new StringWriter();
        using var limit = new CancellationTokenSource(TestTime.Limit);
        using var console = new ToolConsole(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, errors);
        var exitCode = await KafkaTools.RunAsync(tool, words[1..], console, limit.Token);
        return new ToolRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }
}
