using System.Globalization;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>Schemas, and what teams do to them over time: mostly what is allowed, sometimes what is not.</summary>
internal sealed class RandomChanges(Random random)
{
    private static readonly string[][] Groups =
    [
        ["int32", "int64", "uint32", "uint64", "bool", SchemaModel.EnumType], ["sint32", "sint64"], ["string", "bytes"],
        ["fixed32", "sfixed32"], ["fixed64", "sfixed64"], ["float"], ["double"],
    ];

    private static readonly string[] Scalars = [.. Groups.SelectMany(static group => group)];

    private static readonly string[] Keys = ["int32", "int64", "uint32", "sint64", "string", "bool", "fixed32"];

    private int _names;

    public SchemaModel Schema()
    {
        var schema = new SchemaModel { EnumValues = new() { [0] = "ZERO", [1] = "ONE", [2] = "TWO" } };
        schema.Messages.AddRange(new[] { "Root", "Part", "Other" }.Select(static name => new MessageModel { Name = name }));
        foreach (var message in schema.All)
        {
            for (var number = random.Next(2, 6); number > 0; number--)
            {
                AddField(schema, message, number);
            }
        }

        return schema;
    }

    public SchemaModel Change(SchemaModel schema)
    {
        var changed = schema.Clone();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            ChangeOnce(changed);
        }

        return changed;
    }

    private void ChangeOnce(SchemaModel schema)
    {
        var message = Any([.. schema.All]);
        var at = message.Fields.Count == 0 ? -1 : random.Next(message.Fields.Count);
        switch (random.Next(18))
        {
            case <= 2:
                AddField(schema, message, message.Fields.Select(static field => field.Number).Append(0).Max() + random.Next(1, 3));
                break;
            case 3 when at >= 0:
                message.Fields.RemoveAt(at);
                break;
            case <= 5 when at >= 0:
                message.Fields[at] = message.Fields[at] with { Name = NewName() };
                break;
            case <= 8 when at >= 0:
                WithinGroup(message, at);
                break;
            case 9 when at >= 0:
                message.Fields[at] = Field(schema, message, message.Fields[at].Number) with { Oneof = null };
                break;
            case 10 when at >= 0:
                Relabel(message, at);
                break;
            case <= 13 when at >= 0:
                MoveOneof(message, at);
                if (random.Next(3) == 0)
                {
                    MoveOneof(message, random.Next(message.Fields.Count));
                }

                break;
            case 14:
                ChangeEnum(schema);
                break;
            case 15:
                schema.Messages.Reverse();
                break;
            case 16:
                RemoveMessage(schema);
                break;
            default:
                message.Fields.Reverse();
                break;
        }
    }

    private void AddField(SchemaModel schema, MessageModel message, int number) =>
        message.Fields.Add(Field(schema, message, number));

    private FieldModel Field(SchemaModel schema, MessageModel message, int number)
    {
        string[] order = ["Root", "Part", "Other", SchemaModel.SharedType];
        var below = order[(Array.IndexOf(order, message.Name) + 1)..].Where(type => schema.Find(type) is not null).ToArray();

        // The imported file knows neither the enum nor the other messages.
        var scalars = message.Name == SchemaModel.SharedType ? Scalars.Where(static type => type != SchemaModel.EnumType) : Scalars;
        var type = below.Length > 0 && random.Next(4) == 0 ? Any(below) : Any([.. scalars]);
        var name = NewName();
        return random.Next(10) switch
        {
            0 => new FieldModel(number, name, type, "", Key: Any(Keys)),
            <= 2 => new FieldModel(number, name, type, "repeated"),
            <= 4 => new FieldModel(number, name, type, "optional"),
            5 => new FieldModel(number, name, type, "", Oneof: Any(["first", "second"])),
            6 => new FieldModel(number, name, type, "required"),
            _ => new FieldModel(number, name, type, ""),
        };
    }

    private void WithinGroup(MessageModel message, int at)
    {
        var field = message.Fields[at];
        if (Array.Find(Groups, group => group.Contains(field.Type)) is { } group)
        {
            var types = message.Name == SchemaModel.SharedType ? group.Where(static type => type != SchemaModel.EnumType) : group;
            message.Fields[at] = field with { Type = Any([.. types]) };
        }
    }

    private void Relabel(MessageModel message, int at)
    {
        if (message.Fields[at] is { Key: null, Oneof: null } field)
        {
            message.Fields[at] = field with { Label = Any(["", "optional", "repeated", "required"]) };
        }
    }

    private void MoveOneof(MessageModel message, int at)
    {
        if (message.Fields[at] is { Key: null } field)
        {
            message.Fields[at] = field.Oneof is null
                ? field with { Label = "", Oneof = Any(["first", "third"]) }
                : field with { Oneof = random.Next(3) == 0 ? "third" : null };
        }
    }

    private void ChangeEnum(SchemaModel schema)
    {
        var number = random.Next(1, 5);
        if (random.Next(4) == 0)
        {
            schema.EnumValues.Remove(number);
        }
        else
        {
            schema.EnumValues[number] = NewName().ToUpperInvariant();
        }
    }

    private void RemoveMessage(SchemaModel schema)
    {
        var name = Any(["Part", "Other"]);
        if (schema.All.SelectMany(static message => message.Fields).All(field => field.Type != name))
        {
            schema.Messages.RemoveAll(message => message.Name == name);
        }
    }

    private string NewName() => string.Create(CultureInfo.InvariantCulture, $"f{_names++}");

    private T Any<T>(T[] choices) => choices[random.Next(choices.Length)];
}
