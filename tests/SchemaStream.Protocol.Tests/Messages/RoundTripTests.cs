namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>Every message in every version, found from the definitions.</summary>
public sealed class RoundTripTests
{
    private const int Seeds = 20;

    public static TheoryData<string> Messages() => [.. DefinedMessages.Names];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Write_ThenRead_GivesTheSameMessage(string name)
    {
        var message = DefinedMessages.Get(name);
        foreach (var version in message.Versions)
        {
            for (var seed = 0; seed < Seeds; seed++)
            {
                var sent = new RandomMessage(message, version, seed).Make();
                var bytes = DefinedMessage.Write(sent, version);

                Convert.ToHexString(bytes).ShouldBe(
                    Convert.ToHexString(new ReferenceCodec(message, version).Write(sent)), $"v{version}, seed {seed}: {MessageText.Of(message, sent)}");
                MessageText.Of(message, message.Read(bytes, version))
                    .ShouldBe(MessageText.Of(message, sent), $"v{version}, seed {seed}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_IntoAUsedMessage_LeavesNothingOfWhatItHeld(string name)
    {
        var message = DefinedMessages.Get(name);
        var used = message.New();
        for (var seed = 0; seed < Seeds; seed++)
        {
            foreach (var version in message.Versions)
            {
                var sent = new RandomMessage(message, version, seed).Make();
                var reader = new KafkaReader(DefinedMessage.Write(sent, version));

                used.Read(ref reader, version);

                reader.ExpectEnd(name);
                MessageText.Of(message, used).ShouldBe(MessageText.Of(message, sent), $"v{version}, seed {seed}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Reset_OfAMessageThatWasFilled_GivesANewOnesDefaults(string name)
    {
        var message = DefinedMessages.Get(name);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var used = new RandomMessage(message, message.Definition.Versions.Last, seed).Make();

            used.Reset();

            MessageText.Of(message, used).ShouldBe(MessageText.Of(message, message.New()), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Write_OfAnUntouchedMessage_GivesItsDefaults(string name)
    {
        var message = DefinedMessages.Get(name);
        foreach (var version in message.Versions)
        {
            var bytes = DefinedMessage.Write(message.New(), version);

            bytes.ShouldBe(new ReferenceCodec(message, version).Write(message.New()), $"v{version}");
            MessageText.Of(message, message.Read(bytes, version)).ShouldBe(MessageText.Of(message, message.New()), $"v{version}");
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_WhenAFieldIsNotInTheVersion_LeavesItsDefault(string name)
    {
        // Written in the last version with everything set, and then in each older one: what that one lacks is default again.
        var message = DefinedMessages.Get(name);
        foreach (var version in message.Versions)
        {
            var sent = new RandomMessage(message, version, seed: 1).Make();
            var read = message.Read(DefinedMessage.Write(sent, version), version);
            foreach (var field in message.Definition.Root.Fields.Where(field => !field.Versions.Contains(version)))
            {
                var property = message.Class.GetProperty(field.Name)!;
                var (value, initial) = (property.GetValue(read), property.GetValue(message.New()));
                if (value is System.Collections.IList list)
                {
                    list.Count.ShouldBe(0);
                }
                else if (!field.Type.IsStruct)
                {
                    value.ShouldBe(initial, field.Name);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_WhenAnUnknownTaggedFieldCame_SkipsIt(string name)
    {
        var message = DefinedMessages.Get(name);
        foreach (var version in message.Versions.Where(version => message.Definition.Flexible.Contains(version)))
        {
            // An untouched message ends with its empty set of tagged fields.
            var bytes = DefinedMessage.Write(message.New(), version);
            bytes[^1].ShouldBe((byte)0);
            byte[] extended = [.. bytes[..^1], 1, 0xE7, 0x07, 3, 1, 2, 3];

            MessageText.Of(message, message.Read(extended, version)).ShouldBe(MessageText.Of(message, message.New()));
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void ReadAndWrite_InAVersionThatIsNotDefined_Refuse(string name)
    {
        var message = DefinedMessages.Get(name);
        foreach (var version in new[] { (short)(message.Definition.Versions.First - 1), (short)(message.Definition.Versions.Last + 1) })
        {
            Should.Throw<ProtocolException>(() => DefinedMessage.Write(message.New(), version)).Message.ShouldContain($"found {version}");
            Should.Throw<ProtocolException>(() => message.Read(new byte[100], version)).Message.ShouldContain($"found {version}");
        }
    }
}
