using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SchemaStream.Interop.Tests.Tools;

/// <summary>Runs the scripts beside this project with Debian's Python, whose modules come from Debian's packages.</summary>
internal static class Python
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Runs one script; its last line of output is the result, as JSON.</summary>
    public static async Task<JsonElement> RunAsync(string script, IEnumerable<string> arguments, string input = "")
    {
        var output = await ExternalTool.RunAsync(Interpreter, ["-B", Path.Combine(Folder(), script), .. arguments], input);
        return JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement;
    }

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../python"));
}
