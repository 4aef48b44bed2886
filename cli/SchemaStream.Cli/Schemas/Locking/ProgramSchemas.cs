using System.Reflection;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Avro.Schemas;
using SchemaStream.Json;
using SchemaStream.Protobuf;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>The schemas of a program's types, as its serializers derive them.</summary>
internal sealed class ProgramSchemas(Assembly program, IReadOnlyList<Type> types)
{
    /// <summary>Fills in a contract's schema.</summary>
    /// <param name="entry">What is known without the schema.</param>
    /// <param name="type">The C# type.</param>
    /// <param name="declaring">The class that declares the topic: the first to be asked how JSON is written.</param>
    /// <exception cref="ProgramContractsException">The type has no schema.</exception>
    public ProgramContract Complete(LockEntry entry, Type type, Type? declaring)
    {
        try
        {
            switch (entry.Format)
            {
                case LockEntry.Avro:
                    return new ProgramContract(entry with { Schema = AvroSchema.FromType(type).ToJson() }, type);
                case LockEntry.Json:
                    var options = JsonOptions(declaring);
                    return new ProgramContract(WithSchema(entry, SerializerOf(typeof(JsonSchemaSerializer<>), type, options)), type, options);
                default:
                    var written = WithSchema(entry, SerializerOf(ProtobufSerializer(), type));
                    return new ProgramContract(written with { Message = MessageOf(type) }, type);
            }
        }
        catch (Exception e) when (e is AvroSchemaException or SchemaSerializationException)
        {
            throw new ProgramContractsException($"{entry.Name}: {e.Message}", e);
        }
    }

    /// <summary>
    /// The settings of the program: what the class with the topic has in a static member, else what the one class has that
    /// has any, else the defaults.
    /// </summary>
    private JsonFormatOptions? JsonOptions(Type? declaring)
    {
        var declared = StaticMembers.Of<JsonFormatOptions>(declaring is null ? [] : [declaring]).ToList();
        var all = declared.Count > 0 ? declared : [.. StaticMembers.Of<JsonFormatOptions>(types)];
        return all.Distinct().Count() switch
        {
            0 => null,
            1 => all[0],
            var count => throw new ProgramContractsException(
                $"The program has {count} static members of {nameof(JsonFormatOptions)}, and none alone beside the topic: how its JSON is written is not clear. " +
                "Have one in the class that declares the topic."),
        };
    }

    /// <summary>With the program's own Protobuf, whose generated classes implement that one's interfaces.</summary>
    private Type ProtobufSerializer() =>
        LoadedProgram.OwnWithin(program, typeof(ProtoSchema).Assembly).GetType(typeof(ProtobufSerializer<>).FullName!, throwOnError: true)!;

    private static object SerializerOf(Type serializer, Type type, params object?[] arguments)
    {
        try
        {
            return Activator.CreateInstance(serializer.MakeGenericType(type), arguments)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is SchemaSerializationException misfit)
        {
            throw new SchemaSerializationException(misfit.Message, misfit);
        }
    }

    private static LockEntry WithSchema(LockEntry entry, object serializer)
    {
        // The interface is this program's own, whatever library the serializer is of; its type argument is the other's.
        var members = serializer.GetType().GetInterfaces().Single(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(ISchemaSerializer<>));
        var references = new List<(string Name, string Text)>();
        Collect((IReadOnlyList<ReferencedSchema>)Value("References")!, references);
        return entry with
        {
            Schema = ((string)Value("SchemaText")!).TrimEnd('\n'),
            References = references,
        };

        object? Value(string name) => members.GetProperty(name)!.GetValue(serializer);
    }

    /// <summary>The full name of a generated class's message: not an interface of ours, as the descriptor is the other Protobuf's.</summary>
    private static string? MessageOf(Type type)
    {
        var descriptor = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
        return (string?)descriptor?.GetType().GetProperty("FullName")?.GetValue(descriptor);
    }

    private static void Collect(IReadOnlyList<ReferencedSchema> references, List<(string Name, string Text)> into)
    {
        foreach (var reference in references)
        {
            Collect(reference.References, into);
            if (!into.Exists(known => known.Name == reference.Name))
            {
                into.Add((reference.Name, reference.Text.TrimEnd('\n')));
            }
        }
    }
}
