using System.Runtime.CompilerServices;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>
/// A published layout never changes: clients and logs out there have it. frozen-layouts.txt may only grow; a new message or
/// version adds its lines when the tests run once with UPDATE_SNAPSHOTS=1.
/// </summary>
public sealed class FrozenLayoutTests
{
    [Fact]
    public void Layout_OfAPublishedVersion_IsWhatItWas()
    {
        var frozen = File.ReadAllLines(FrozenFile()).Where(line => line.Length > 0).ToDictionary(KeyOf);
        var current = DefinedMessages.All.Where(message => message.Class.Assembly == typeof(IMessage).Assembly)
            .SelectMany(Lines).ToDictionary(KeyOf);

        foreach (var (key, line) in frozen)
        {
            current.ShouldContainKey(key, $"{key} is published and cannot go away");
            current[key].ShouldBe(line, $"{key} is published and cannot change: give the message a new version");
        }

        var added = current.Where(entry => !frozen.ContainsKey(entry.Key)).Select(entry => entry.Value).ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllLines(FrozenFile(), current.Values);
        }
        else
        {
            added.ShouldBeEmpty("add these lines to frozen-layouts.txt: run the tests once with UPDATE_SNAPSHOTS=1");
        }
    }

    private static IEnumerable<string> Lines(DefinedMessage message) =>
        message.Versions.Select(version =>
            $"{message.Definition.ClassName} v{version}{(message.Definition.Flexible.Contains(version) ? " flexible" : "")}:"
            + Fields(message, message.Definition.Root, version));

    private static string Fields(DefinedMessage message, StructDefinition type, short version) =>
        string.Concat(type.Fields
            .Where(field => field.Versions.Contains(version))
            .OrderBy(field => field.Tag ?? -1)
            .Select(field => " " + Field(message, field, version)));

    private static string Field(DefinedMessage message, FieldDefinition field, short version)
    {
        var type = field.Type.IsStruct
            ? (field.Type.IsArray ? "[]" : "") + "(" + Fields(message, message.StructOf(field.Type), version).Trim() + ")"
            : field.Type.ToString();
        var tag = field.Tag is { } number ? $"tag{number}:" : "";
        var initial = field is { IsTagged: true, Default: { } value } ? "=" + value : "";
        return $"{tag}{field.Name}:{type}{(field.Nullable.Contains(version) ? "?" : "")}{initial}";
    }

    /// <summary>Message and version: what stands before the fields.</summary>
    private static string KeyOf(string line) => string.Join(' ', line.Split(' ', ':').Take(2));

    private static string FrozenFile([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(thisFile))!, "frozen-layouts.txt");
}
