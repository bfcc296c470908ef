"""Given names common in Europe, the Americas, India and China: enough to see whose a credential is, no census.

Left out are names that are also words or products in a builder's credentials (`Will`, `Mark`, `Claude`, `Julia`).
"""

from typing import Final

_NAMES: Final = """
aaron abdul adam adrian ahmed aisha alan albert alberto alejandro aleksandr alex alexander alexandra alexandre alexey
alexis ali alice alicia amanda amelie amina amir amit ana anastasia anders andre andrea andreas andrei andres andrew
andy angela anil anita anja anke ann anna anne annette antoine anton antonio arjun arnaud arthur ashley astrid aurelien
axel barbara bart beatrice ben benjamin benoit bernard bernd bertrand bettina bianca bjorn boris brandon brian bruno
camille carina carl carla carlos carmen carol carolina caroline catherine cecile cesar charles charlotte chloe chris
christian christina christine christoph christophe christopher claire clara claudia colin cristina
damien daniel daniela danny dario dave david debbie deborah denis dennis diana diego dieter dimitri dirk dmitry dominik
dominique donald dorothea edgar eduard eduardo edward elena elisabeth elise elizabeth ellen elodie emil emilia emilie
emily emma enrico eric erica erik erika ernesto esteban esther eugene eva evelyn fabian fabien fabio fabrice fatima
federico felipe felix fernando filip florian francesca francesco francisco franck francois frank
franz fred frederic frederik fritz gabriel gabriela gary gemma geoffrey georg george georges gerald gerard gerhard
gianluca gilles giorgio giovanni giulia giulio gonzalo gordon greg gregory guido guillaume gustavo hannah hannes hans
harald harshil hassan hector heidi heike heinz helen helena helene helmut henri henrik henry herbert hugo ian ignacio
igor ines ingrid irina irene isabel isabelle ivan jacek jack jacob jacques jakob jakub james jan jana janet jason
javier jean jeff jeffrey jenny jennifer jens jeremy jerome jerry jessica jim joachim joan joanna joao joe joel johan
johanna johannes john johnny jonas jonathan jordi jorge jose josef joseph joshua juan juergen julian juliane
julie julien jurgen justin kai karen karim karin karl karsten katharina katherine kathrin katja katrin keith ken
kenneth kevin kim klaus kristina krzysztof kumar kurt lars laura laurent lea lena leo leon leonardo lisa lorenzo louis
louise luc luca lucas lucia luigi luis luisa lukas lutz maciej magdalena manuel marc marcel marcin marco marcos marcus
margaret maria marie marina mario marion marius markus marlene marta martin martina mateusz mathias mathieu mathilde
matteo matthew matthias matthieu maurice mauro maxime mehmet melanie michael michal michel michele michelle miguel mike
mikael milan miquel mohamed mohammed monica monika muhammad mustafa nadia nadine natalia natalie nathalie nathan neha
nicholas nick nico nicola nicolas nicole niels nik nikolai nils nina norbert olaf oleg olga oliver olivia olivier omar
onur oscar otto pablo pamela paola paolo patricia patrick paul paula pauline pavel pawel pedro peter petra
philip philipp philippe pierre piotr priya rachel rafael rahul rainer raj rajesh ralf ralph ramon raphael raul rebecca
renate rene ricardo riccardo richard rita robert roberto robin rodrigo roger roland rolf roman ronald rosa ruben rudolf
ryan sabine sabrina salvatore sam samantha samuel sandra sanjay sara sarah sascha scott sean sebastian serge sergei
sergey sergio sharon silke silvia simon simone sofia sonja sophia sophie stefan stefania stefano stefanie stephan
stephane stephanie stephen steve steven sunil susan susanne suresh sven sylvie tamara tanja tatiana ted teresa theo
theresa thibault thierry thomas thorsten tim timo tina tobias tom tomas tomasz tony torsten ulrich ulrike ursula uwe
valentina valerie vanessa vera veronica victor viktor vijay vincent vincenzo virginie vladimir walter wei
werner wilhelm william wojciech wolfgang xavier yannick yves yvonne zoe
"""
GIVEN_NAMES: Final = frozenset(_NAMES.split())
