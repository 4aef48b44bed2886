using System.Runtime.CompilerServices;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>A definition with the class generated from it.</summary>
internal sealed record DefinedMessage(MessageDefinition Definition, Type Class)
{
    public IEnumerable<short> Versions =>
        Enumerable.Range(Definition.Versions.First, Definition.Versions.Last - Definition.Versions.First + 1).Select(version => (short)version);

    public IMessage New() => (IMessage)Activator.CreateInstance(Class)!;

    /// <summary>The class of a struct of this message.</summary>
    public Type ClassOf(string structName) => Class.GetNestedType(structName)!;

    public StructDefinition StructOf(FieldType type) => Definition.Structs.First(candidate => candidate.Name == type.Struct);

    public static byte[] Write(IMessage message, short version)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        message.Write(ref writer, version);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads the message, and nothing but the message.</summary>
    public IMessage Read(ReadOnlyMemory<byte> bytes, short version)
    {
        var message = New();
        var reader = new KafkaReader(bytes);
        message.Read(ref reader, version);
        reader.ExpectEnd(Definition.ClassName);
        return message;
    }

    public override string ToString() => Definition.ClassName;
}

/// <summary>Every message of the room, found from its definitions: a new one is covered by being there.</summary>
internal static class DefinedMessages
{
    private static readonly Dictionary<string, DefinedMessage> ByName = Load().ToDictionary(message => message.Definition.ClassName);

    public static IEnumerable<DefinedMessage> All => ByName.Values;

    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static DefinedMessage Get(string name) => ByName[name];

    /// <summary>What is on the wire or in a log for ever: Kafka's messages, and the records of every room of the broker.</summary>
    public static IEnumerable<(string Room, MessageDefinition Definition)> Published([CallerFilePath] string thisFile = "")
    {
        var broker = Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../broker");
        return
            from room in Directory.EnumerateDirectories(broker).Order(StringComparer.Ordinal)
            from folder in new[] { "Messages", "Records" }
            where Directory.Exists(Path.Combine(room, folder))
            from file in Directory.EnumerateFiles(Path.Combine(room, folder), "*.msg").Order(StringComparer.Ordinal)
            from definition in DefinitionParser.Parse(File.ReadAllText(file)).Messages
            select (Path.GetFileName(room), definition);
    }

    private static IEnumerable<DefinedMessage> Load(
        [CallerFilePath] string thisFile = "")
    {
        var tests = Path.GetDirectoryName(Path.GetDirectoryName(thisFile))!;
        var product = Path.Combine(tests, "../../broker/SchemaStream.Protocol/Messages");
        return Load(product, typeof(IMessage).Assembly, "SchemaStream.Protocol.Messages")
            .Concat(Load(Path.Combine(tests, "Definitions"), typeof(DefinedMessages).Assembly, "SchemaStream.Protocol.Tests.Definitions"));
    }

    private static IEnumerable<DefinedMessage> Load(string folder, System.Reflection.Assembly assembly, string inNamespace) =>
        from file in Directory.EnumerateFiles(folder, "*.msg").Order(StringComparer.Ordinal)
        from definition in DefinitionParser.Parse(File.ReadAllText(file)).Messages
        select new DefinedMessage(definition, assembly.GetType($"{inNamespace}.{definition.ClassName}", throwOnError: true)!);
}
