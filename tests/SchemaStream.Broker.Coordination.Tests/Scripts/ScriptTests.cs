using System.Runtime.CompilerServices;

namespace SchemaStream.Broker.Coordination.Tests.Scripts;

/// <summary>
/// Each file of testdata is a script of commands and what came out. SCHEMASTREAM_UPDATE_SCRIPTS=1 writes what comes out
/// now into the files, to be reviewed as a diff.
/// </summary>
public sealed class ScriptTests
{
    private const string UpdateFlag = "SCHEMASTREAM_UPDATE_SCRIPTS";

    public static TheoryData<string> Scripts() =>
        [.. Directory.EnumerateFiles(Folder(), "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_RunsAsItIsWritten(string name)
    {
        var file = Path.Combine(Folder(), name + ".txt");
        var expected = File.ReadAllText(file);
        var actual = new ScriptRun().Play(expected);
        if (Environment.GetEnvironmentVariable(UpdateFlag) == "1")
        {
            File.WriteAllText(file, actual);
            return;
        }

        actual.ShouldBe(expected, $"set {UpdateFlag}=1 to accept");
    }

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../testdata"));
}
