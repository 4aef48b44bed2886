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

    public static async Task<CommandRun> WithInputAsync(string input, params string[] args)
    {
        using var output = new MemoryStream();
        await using var errors = new StringWriter();
        using var console = new ToolConsole(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, TextWriter.Synchronized(errors));
        var exitCode = await CommandTree.RunAsync(args, console).WaitAsync(TestTime.Limit);
        return new CommandRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }
}
