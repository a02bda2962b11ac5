Attribute VB_Name = "fzzf_tell"
Option Explicit

Public Sub Tell(ByVal text As String)
    MsgBox text, vbExclamation, Setting("TITLE")
End Sub
