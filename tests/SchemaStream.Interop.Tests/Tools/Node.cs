using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SchemaStream.Interop.Tests.Tools;

/// <summary>Runs the scripts beside this project with Node; their packages are those of <c>node/package-lock.json</c>.</summary>
internal static class Node
{
    /// <summary>Runs one script; its last line of output is the result, as JSON.</summary>
    public static Task<JsonElement> RunAsync(string script, params string[] arguments) => RunAsync(script, arguments, "");

    /// <summary>Runs one script with something on its standard input; its last line of output is the result, as JSON.</summary>
    public static Task<JsonElement> RunWithInputAsync(string script, string input) => RunAsync(script, [], input);

    private static async Task<JsonElement> RunAsync(string script, string[] arguments, string input)
    {
        Directory.Exists(Path.Combine(Folder(), "node_modules")).ShouldBeTrue("the packages are missing: run eng/setup.sh --tests");
        var output = await ExternalTool.RunAsync("node", [Path.Combine(Folder(), script), .. arguments], input);
        return JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
    }

    public static string Folder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../node"));
}
