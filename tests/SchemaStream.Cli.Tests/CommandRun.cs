using System.Text;
using System.Text.Json;
using SchemaStream.Cli.Kafka;
using SchemaStream.Json;
using SchemaStream.Json.Validation;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests;

/// <summary>What a command of the friendlier half did.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    /// <summary>The result as JSON, held against the schema that is committed for it.</summary>
    public JsonElement Result(string schema)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Output", "Schemas", schema + ".schema.json");
        var violation = new JsonSchemaValidator(JsonSchema.Parse(File.ReadAllText(path))).Validate(Encoding.UTF8.GetBytes(Output));
        violation.ShouldBeNull($"{violation} in {Output}");
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    public static Task<CommandRun> OfAsync(params string[] args) => WithInputAsync("", args);

    public static Task<CommandRun> WithInputAsync(string input, params string[] args) => AtAsync(input, isTerminal: false, NoEnvironment, args);

    /// <summary>At a console of a kind, in an environment: that of who runs the tests has no say.</summary>
    public static async Task<CommandRun> AtAsync(string input, bool isTerminal, Func<string, string?> environment, params string[] args)
    {
        using var output = new MemoryStream();
        await using var errors = new StringWriter();
        using var console = new ToolConsole(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, TextWriter.Synchronized(errors)) { IsTerminal = isTerminal };
        var exitCode = await CommandTree.RunAsync(args, console, environment).WaitAsync(TestTime.Limit);
        output.CanWrite.ShouldBeTrue("standard output is not a command's to close");
        return new CommandRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    /// <summary>No variable, but a place for profiles where there are none.</summary>
    public static string? NoEnvironment(string name) =>
        name == "SCHEMASTREAM_CONFIG_HOME" ? Path.Combine(AppContext.BaseDirectory, "no-profiles") : null;
}
