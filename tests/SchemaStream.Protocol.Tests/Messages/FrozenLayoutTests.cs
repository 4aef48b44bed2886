using System.Runtime.CompilerServices;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>
/// A published layout never changes: clients and logs out there have it. frozen-layouts.txt may only grow; a new message or
/// version adds its lines when the tests run once with UPDATE_SNAPSHOTS=1.
/// </summary>
public sealed class FrozenLayoutTests
{
    private const string Update = "run the tests once with UPDATE_SNAPSHOTS=1";

    [Fact]
    public void Layout_OfAPublishedVersion_IsWhatItWas()
    {
        var frozen = File.ReadAllLines(FrozenFile()).Where(line => line.Length > 0).ToDictionary(KeyOf);
        var current = DefinedMessages.Published().SelectMany(entry => Lines(entry.Room, entry.Definition)).ToDictionary(KeyOf);

        foreach (var (key, line) in frozen)
        {
            current.ShouldContainKey(key, $"{key} is published and cannot go away");
            current[key].ShouldBe(line, $"{key} is published and cannot change: give it a new version. Where it never left this house, remove its line and {Update}");
        }

        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllLines(FrozenFile(), current.Values);
        }
        else
        {
            current.Where(entry => !frozen.ContainsKey(entry.Key)).Select(entry => entry.Value)
                .ShouldBeEmpty($"these layouts are not in frozen-layouts.txt yet: {Update}");
        }
    }

    private static IEnumerable<string> Lines(string room, MessageDefinition message)
    {
        var name = message.Kind == MessageKind.Record ? $"{room}/{message.ClassName}#{message.Number}" : message.ClassName;
        for (var version = message.Versions.First; version <= message.Versions.Last; version++)
        {
            var flexible = message.Flexible.Contains(version) ? " flexible" : "";
            yield return $"{name} v{version}{flexible}:{Fields(message, message.Root, version)}";
        }
    }

    private static string Fields(MessageDefinition message, StructDefinition type, short version) =>
        string.Concat(type.Fields
            .Where(field => field.Versions.Contains(version))
            .OrderBy(field => field.Tag ?? -1)
            .Select(field => " " + Field(message, field, version)));

    private static string Field(MessageDefinition message, FieldDefinition field, short version)
    {
        var type = field.Type.IsStruct
            ? (field.Type.IsArray ? "[]" : "") + "(" + Fields(message, message.Structs.First(candidate => candidate.Name == field.Type.Struct), version).Trim() + ")"
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
